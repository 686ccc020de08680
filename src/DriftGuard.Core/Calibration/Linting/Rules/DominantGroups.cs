using System.Globalization;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Text;

namespace DriftGuard.Core.Calibration.Linting.Rules;

/// <summary>Queries of few groups that outweigh the others: they move together, and a comparison rests on them.</summary>
internal static class DominantGroups
{
    private const double LargeShare = .1;

    public static IEnumerable<LintFinding> Look(LintSubject subject)
    {
        var (set, groups) = (subject.Set, subject.Set.Queries.GroupBy(query => query.Group).Select(group => group.ToArray()).OrderByDescending(group => group.Length).ToList());
        if (groups.Count < MatchesOrBeatsRule.MinimumGroups)
            yield break;

        // As many groups of equal size would be as sure (Kish 1965).
        var effective = (double)set.Queries.Count * set.Queries.Count / groups.Sum(group => (double)group.Length * group.Length);
        var largest = groups[0].Length / (double)set.Queries.Count;
        if (largest < LargeShare && effective >= MatchesOrBeatsRule.MinimumGroups)
            yield break;
        yield return new(
            "dominant_groups", LintSeverity.Warning,
            string.Create(CultureInfo.InvariantCulture, $"the largest of {groups.Count} groups of queries with the same relevant documents has {PercentText.Format(largest)} of all queries; they are worth {effective:0} groups of equal size"),
            "spread the queries over documents: twenty about one document say little more than one")
        {
            Examples = [.. groups.Take(LintFinding.Named).Select(group => string.Create(CultureInfo.InvariantCulture, $"{group[0].Id} and {group.Length - 1} more"))],
            Figures = new Dictionary<string, double>(StringComparer.Ordinal) { ["groups"] = groups.Count, ["effective_groups"] = effective, ["largest_share"] = largest },
        };
    }
}
