using System.Globalization;
using DriftGuard.Core.Gate.MatchesOrBeats;

namespace DriftGuard.Core.Calibration.Linting.Rules;

/// <summary>A set with fewer groups of queries than the gate asks for can never show a match.</summary>
internal static class EnoughQueries
{
    public static IEnumerable<LintFinding> Look(LintSubject subject)
    {
        var (queries, groups) = (subject.Set.Queries.Count, subject.Set.GroupCount);
        if (groups >= MatchesOrBeatsRule.MinimumGroups)
            yield break;
        var size = queries switch
        {
            0 => "has no query with a relevant document",
            1 => "has one query",
            _ => string.Create(CultureInfo.InvariantCulture, $"has {queries} queries in {groups} {(groups == 1 ? "group" : "groups")} that share their relevant documents"),
        };
        yield return new(
            "enough_queries", LintSeverity.Warning,
            $"the set {size}; below {MatchesOrBeatsRule.MinimumGroups} groups nothing can be shown to match: every comparison is inconclusive",
            $"add labelled queries about other documents, {MatchesOrBeatsRule.MinimumGroups} groups at least and some hundreds of queries for a usual margin")
        {
            Figures = new Dictionary<string, double>(StringComparer.Ordinal) { ["queries"] = queries, ["groups"] = groups, ["needed"] = MatchesOrBeatsRule.MinimumGroups },
        };
    }
}
