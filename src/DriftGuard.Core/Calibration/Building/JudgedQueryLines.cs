using System.Globalization;
using System.Text.Json;

namespace DriftGuard.Core.Calibration.Building;

/// <summary>Queries with their relevant documents as JSON Lines: <c>id</c>, <c>text</c>, <c>relevant</c> (an id or several), and fields.</summary>
public static class JudgedQueryLines
{
    private const string Relevant = "relevant";

    /// <summary>Reads them.</summary>
    /// <param name="file">Name of the file, for problems.</param>
    /// <param name="content">Its contents.</param>
    /// <param name="problems">Everything that is wrong, with its line.</param>
    public static CalibrationSetDraft Read(string file, string content, out IReadOnlyList<CalibrationProblem> problems)
    {
        var (found, queries, judgements) = (new ProblemList(), new List<DraftQuery>(), new List<DraftJudgement>());
        foreach (var record in JsonLines.Read(file, content, found))
        {
            if (string.IsNullOrWhiteSpace(record.Text))
                found.Error(file, record.Line, $"the text of query '{record.Id}' is empty.");
            var ids = record.Others.TryGetValue(Relevant, out var value) ? Ids(value) : [];
            if (ids is null || ids.Any(id => !CalibrationLines.IsId(id)))
                found.Error(file, record.Line, string.Create(CultureInfo.InvariantCulture, $"'{Relevant}' is {value.GetRawText()}; expected a document id, or a list of them."));
            queries.Add(new(record.Id, record.Text, PlainValue.Fields(record.Others.Where(member => member.Key != Relevant))));
            judgements.AddRange((ids ?? []).Distinct(StringComparer.Ordinal).Select(document => new DraftJudgement(record.Id, document, 1)));
        }

        problems = found.All;
        return new() { Queries = queries, Judgements = judgements };
    }

    private static List<string>? Ids(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
            return value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? [PlainValue.Of(value)!] : null;
        var ids = value.EnumerateArray().Select(PlainValue.Of).ToList();
        return ids.Contains(null) ? null : ids.ConvertAll(id => id!);
    }
}
