using System.Text;

namespace DriftGuard.Core.Calibration.Splitting;

/// <summary>The lines of a set's files that belong to a half, in their order and as they stand.</summary>
public static class SplitFiles
{
    /// <summary>The files of a half. The corpus goes to both; labelled pairs are divided like queries.</summary>
    /// <param name="text">The whole set's files, sound.</param>
    /// <param name="queries">Ids of the half's queries.</param>
    /// <param name="pairLines">Which pairs go to this half, by their position in the file from 0.</param>
    public static CalibrationSetText Of(CalibrationSetText text, IReadOnlySet<string> queries, Func<int, bool> pairLines)
    {
        var ids = JsonLines.Read(CalibrationSetFiles.Queries, text.Queries, new ProblemList()).ToDictionary(query => query.Line, query => query.Id);
        var judgements = JudgementLines.Read(text.Qrels, new ProblemList()).ToDictionary(judgement => judgement.Line, judgement => judgement.QueryId);
        return text with
        {
            Queries = Lines(TextLines.Of(text.Queries).Where(line => ids.TryGetValue(line.Number, out var id) && queries.Contains(id)).Select(line => line.Line)),
            Qrels = Lines(TextLines.Of(text.Qrels).Where(line => judgements.TryGetValue(line.Number, out var id) && queries.Contains(id)).Select(line => line.Line).Prepend(CalibrationLines.JudgementHeader)),
            Pairs = text.Pairs is null ? null : Lines(TextLines.Of(text.Pairs).Where((_, i) => i == 0 || pairLines(i - 1)).Select(line => line.Line)),
        };
    }

    private static string Lines(IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
            text.Append(line).Append('\n');
        return text.ToString();
    }
}
