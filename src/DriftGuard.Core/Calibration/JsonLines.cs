using System.Text.Json;

namespace DriftGuard.Core.Calibration;

/// <summary>A JSON object of a line, with the id and the text taken out.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Id">The id: <c>id</c>, or BEIR's <c>_id</c>; a whole number counts as its digits.</param>
/// <param name="Text">The text as it stands; may be empty.</param>
/// <param name="Others">All other fields.</param>
internal sealed record JsonRecord(int Line, string Id, string Text, IReadOnlyDictionary<string, JsonElement> Others);

/// <summary>Reads a file of one JSON object a line.</summary>
internal static class JsonLines
{
    private static readonly string[] IdNames = ["id", "_id"];

    private static readonly JsonSerializerOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>The well-formed records with distinct ids; everything else is a problem.</summary>
    public static List<JsonRecord> Read(string file, string content, ProblemList problems)
    {
        var records = new List<JsonRecord>();
        var firstLine = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (number, line) in TextLines.Of(content))
        {
            if (Parse(file, number, line, problems) is not { } record)
                continue;
            if (!firstLine.TryAdd(record.Id, number))
                problems.Error(file, number, $"id '{record.Id}' stands already in line {firstLine[record.Id]}; ids are unique.");
            else
                records.Add(record);
        }

        return records;
    }

    private static JsonRecord? Parse(string file, int number, string line, ProblemList problems)
    {
        Dictionary<string, JsonElement>? members;
        try
        {
            members = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(line, Options);
        }
        catch (JsonException exception)
        {
            problems.Error(file, number, $"not a JSON object on one line: {FirstSentence(exception.Message)}");
            return null;
        }

        if (members is null)
        {
            problems.Error(file, number, "expected a JSON object, found null.");
            return null;
        }

        if (members.Values.Any(HasHalfACharacter))
        {
            problems.Error(file, number, "holds half of a surrogate pair (\\ud800 to \\udfff), which is no character.");
            return null;
        }

        var id = TakeId(file, number, members, problems);
        var text = TakeText(file, number, members, problems);
        return id is null || text is null ? null : new JsonRecord(number, id, text, members);
    }

    /// <summary>JSON can escape what Unicode does not have.</summary>
    private static bool HasHalfACharacter(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String && value.GetString() is null;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private static string? TakeId(string file, int number, Dictionary<string, JsonElement> members, ProblemList problems)
    {
        var present = Array.FindAll(IdNames, members.ContainsKey);
        if (present.Length != 1)
        {
            problems.Error(file, number, present.Length == 0 ? "has no id; add an \"id\" (or \"_id\")." : "has both \"id\" and \"_id\"; keep one.");
            return null;
        }

        members.Remove(present[0], out var value);
        var id = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number when value.GetRawText().All(char.IsAsciiDigit) => value.GetRawText(),
            _ => null,
        };
        if (id is null || !CalibrationLines.IsId(id))
        {
            problems.Error(file, number, $"\"{present[0]}\" is {value.GetRawText()}; expected a text without tabs or line breaks, or a whole number.");
            return null;
        }

        return id;
    }

    private static string? TakeText(string file, int number, Dictionary<string, JsonElement> members, ProblemList problems)
    {
        if (members.Remove("text", out var value) && value.ValueKind == JsonValueKind.String)
            return value.GetString();
        problems.Error(file, number, value.ValueKind == JsonValueKind.Undefined ? "has no \"text\"." : $"\"text\" is {value.GetRawText()}; expected a text.");
        return null;
    }

    // The rest repeats the line number, which is always 0 here, and a path.
    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? message : message[..(end + 1)];
    }
}
