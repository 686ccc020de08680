using System.Globalization;

namespace DriftGuard.Core.Calibration.Linting.Rules;

/// <summary>
/// Queries with the same text. With other judgements they contradict each other, and no ranking satisfies both; with the same ones they
/// count twice, as if two people had asked.
/// </summary>
internal static class DuplicateQueries
{
    public static IEnumerable<LintFinding> Look(LintSubject subject)
    {
        var set = subject.Set;
        var same = set.Queries.GroupBy(query => QueryText.Normalised(query.Text), StringComparer.Ordinal).Where(queries => queries.Count() > 1).Select(queries => queries.ToArray()).ToList();
        var conflicting = same.Where(queries => !queries.Skip(1).All(query => SameRelevant(set, queries[0], query))).ToList();
        var equal = same.Except(conflicting).ToList();
        if (conflicting.Count > 0)
        {
            yield return Finding(
                LintSeverity.Error, conflicting, "the same text (but for case and white space) and other relevant documents: no ranking can satisfy both",
                "keep one query of each, with all its relevant documents");
        }

        if (equal.Count > 0)
            yield return Finding(LintSeverity.Warning, equal, "the same text (but for case and white space) and the same relevant documents: they count several times", "keep one query of each");
    }

    private static LintFinding Finding(LintSeverity severity, List<CalibrationQuery[]> same, string what, string advice) => new(
        "duplicate_queries", severity,
        string.Create(CultureInfo.InvariantCulture, $"{same.Sum(queries => queries.Length)} queries share {same.Count} {(same.Count == 1 ? "text" : "texts")}, with {what}"), advice)
    {
        Examples = [.. same.Take(LintFinding.Named).Select(queries => $"{string.Join(" = ", queries.Take(3).Select(query => query.Id))}: {queries[0].Text}")],
        Figures = new Dictionary<string, double>(StringComparer.Ordinal) { ["texts"] = same.Count, ["queries"] = same.Sum(queries => queries.Length) },
    };

    private static bool SameRelevant(CalibrationSet set, CalibrationQuery one, CalibrationQuery other) =>
        set.Qrels.RelevantTo(one.Id).ToHashSet(StringComparer.Ordinal).SetEquals(set.Qrels.RelevantTo(other.Id));
}
