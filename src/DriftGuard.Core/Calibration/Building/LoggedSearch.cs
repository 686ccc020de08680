using System.Globalization;
using System.Text.Json;

namespace DriftGuard.Core.Calibration.Building;

/// <summary>A search of a log, with what was clicked.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Text">What was searched for.</param>
/// <param name="Clicked">Ids of the documents that were opened.</param>
/// <param name="Shown">Ids of the documents that were shown, best first; empty where that was not logged.</param>
/// <param name="Session">Who searched; null where that was not logged.</param>
/// <param name="At">When; null where that was not logged.</param>
/// <param name="Fields">Other plain values.</param>
public sealed record LoggedSearch(
    int Line, string Text, IReadOnlyList<string> Clicked, IReadOnlyList<string> Shown, string? Session, DateTimeOffset? At, IReadOnlyDictionary<string, string> Fields)
{
    private static readonly string[] Known = ["text", "query", "clicked", "id", "shown", "session", "at", "position", "vector", "fingerprint"];

    /// <summary>Reads a line: JSON with <c>text</c> or <c>query</c>, and <c>clicked</c> (ids), <c>shown</c>, <c>session</c> and <c>at</c> where they are known. Its own <c>id</c> is no document's.</summary>
    /// <exception cref="FormatException">It is none; the message says what was expected and found.</exception>
    public static LoggedSearch Parse(int line, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return Of(line, document.RootElement);
        }
        catch (JsonException problem)
        {
            throw new FormatException("expected a JSON object with 'text' and 'clicked', found something that is no JSON.", problem);
        }
        catch (InvalidOperationException problem)
        {
            // JSON can escape what Unicode does not have.
            throw new FormatException("holds half of a surrogate pair (\\ud800 to \\udfff), which is no character.", problem);
        }
    }

    private static LoggedSearch Of(int line, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new FormatException($"expected a JSON object with 'text' and 'clicked', found {json.ValueKind}.");
        var query = TextIn(json, "text") ?? TextIn(json, "query") ?? throw new FormatException("has no 'text' (or 'query').");
        var session = json.TryGetProperty("session", out var who) ? PlainValue.Of(who) : null;
        return new(line, query, Ids(json, "clicked") ?? [], Ids(json, "shown") ?? [], session, TimeIn(json), Others(json));
    }

    private static string? TextIn(JsonElement json, string key) => !json.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null
        ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw new FormatException($"'{key}' is {value.ValueKind}; expected a text.");

    /// <summary>An id, a list of ids, or a list of objects with an id and the position at which it was shown.</summary>
    private static List<string>? Ids(JsonElement json, string key)
    {
        if (!json.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.Array)
            return [Id(value, key)];
        var items = value.EnumerateArray().Select((item, i) => item.ValueKind == JsonValueKind.Object
            ? (Id: Id(item.TryGetProperty("id", out var id) ? id : default, key), Position: item.TryGetProperty("position", out var at) && at.TryGetInt32(out var position) ? position : i + 1)
            : (Id: Id(item, key), Position: i + 1));
        return [.. items.OrderBy(item => item.Position).Select(item => item.Id)];
    }

    private static string Id(JsonElement value, string key) =>
        value.ValueKind is JsonValueKind.String or JsonValueKind.Number && PlainValue.Of(value) is { } id && CalibrationLines.IsId(id)
            ? id
            : throw new FormatException($"'{key}' holds something that is no document id; expected texts or whole numbers.");

    private static DateTimeOffset? TimeIn(JsonElement json)
    {
        if (TextIn(json, "at") is not { } text)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? at
            : throw new FormatException($"'at' is '{text}'; expected a time such as 2026-11-24T08:15:00Z.");
    }

    private static Dictionary<string, string> Others(JsonElement json)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            if (!Known.Contains(member.Name, StringComparer.Ordinal) && member.Name != "_id" && PlainValue.Of(member.Value) is { Length: > 0 } value)
                fields[member.Name] = value;
        }

        return fields;
    }
}
