using System.Globalization;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Retrieval;
using DriftGuard.Core.Statistics.Slices;

namespace DriftGuard.Worker.Evaluation;

/// <summary>An evaluation's verdict, in a word and in one sentence.</summary>
internal static class EvaluationSentence
{
    /// <summary>One side: its means with their intervals.</summary>
    public static string Of(CalibrationSet set, IReadOnlyList<RetrievalMetric> metrics, SideReport side) => side.Means.Count == 0
        ? $"inconclusive: {set.Name} has no query with a relevant document, so there is nothing to score; add {MatchesOrBeatsRule.MinimumGroups} or more, of different documents"
        : string.Join(", ", metrics.Select((metric, i) => string.Create(
            CultureInfo.InvariantCulture,
            $"{metric.Name} {side.Means[i]:0.0000}{(side.Intervals[i] is { } interval ? string.Create(CultureInfo.InvariantCulture, $" ({interval.Lower:0.000} to {interval.Upper:0.000})") : "")}")));

    /// <summary>What keeps a set from deciding anything, whatever it scores.</summary>
    public static IReadOnlyList<string> NotesOn(CalibrationSet set) => set.Queries.Count == 0 || set.GroupCount >= MatchesOrBeatsRule.MinimumGroups
        ? []
        : [string.Create(CultureInfo.InvariantCulture,
            $"inconclusive in any comparison: {set.Queries.Count} quer{(set.Queries.Count == 1 ? "y" : "ies")} in {set.GroupCount} group{(set.GroupCount == 1 ? "" : "s")}; add queries of {MatchesOrBeatsRule.MinimumGroups - set.GroupCount} or more other documents")];

    /// <summary>That labels are behaviour and no judgements, where they are.</summary>
    public static IReadOnlyList<string> NotesOnLabels(CalibrationSet set) => set.Header.Labels == CalibrationLabels.Weak ? [$"{WeakLabels.Favour}; {WeakLabels.Advice}"] : [];

    /// <summary>Two sides: better, matches, no_change, worse or inconclusive.</summary>
    public static string VerdictOf(ComparedSides compared) => compared.Outcome switch
    {
        MatchesOrBeatsOutcome.Fail => MatchesOrBeatsVerdict.Worse.Name(),
        MatchesOrBeatsOutcome.Inconclusive => MatchesOrBeatsVerdict.Inconclusive.Name(),
        _ when compared.Decision.Metrics.All(m => m.Result.Verdict == MatchesOrBeatsVerdict.NoChange) => MatchesOrBeatsVerdict.NoChange.Name(),
        _ when compared.Decision.Metrics.All(m => m.Result.Verdict == MatchesOrBeatsVerdict.Better) => MatchesOrBeatsVerdict.Better.Name(),
        _ => MatchesOrBeatsVerdict.Matches.Name(),
    };

    /// <summary>Two sides: what the candidate does to each metric and to the slices.</summary>
    public static string Of(ComparedSides compared)
    {
        var (old, now) = (compared.Old.Model, compared.New.Model);
        if (compared.Set.Queries.Count == 0)
        {
            return $"inconclusive: {compared.Set.Name} has no query with a relevant document, so {old} and {now} cannot be compared; add {MatchesOrBeatsRule.MinimumGroups} or more, of different documents";
        }

        var opening = VerdictOf(compared) switch
        {
            "better" => $"{now} beats {old}",
            "matches" => $"{now} matches or beats {old}",
            "no_change" => $"both sides are {now}, and the new one is not worse",
            "worse" => $"{now} is worse than {old}",
            _ => $"whether {now} matches {old} is not settled",
        };
        var metrics = compared.Decision.Metrics.Select(m => string.Create(
            CultureInfo.InvariantCulture, $"{m.Metric.Name} {m.Result.MeanDifference:+0.0000;-0.0000;0.0000} ({m.Result.Verdict.Name()})"));
        return $"{opening}: {string.Join(", ", metrics)}{Slices(compared)}{Missing(compared)}";
    }

    private static string Slices(ComparedSides compared)
    {
        if (compared.Slices.Count == 0)
        {
            return "";
        }

        var all = compared.Slices.SelectMany((slices, m) => slices.Slices.Select(slice => (Result: slice, Metric: compared.Metrics[m].Name))).ToList();
        var worse = all.Where(slice => slice.Result.Verdict == SliceVerdict.Worse).GroupBy(slice => slice.Result.Slice.Name, slice => slice.Metric, StringComparer.Ordinal)
            .Select(slice => $"{slice.Key} ({string.Join(", ", slice)})").ToList();
        var untested = all.Where(slice => slice.Result is { Verdict: SliceVerdict.NotTested, Slice.Critical: true }).Select(slice => slice.Result.Slice.Name).Distinct(StringComparer.Ordinal).ToList();
        return worse.Count > 0 ? $"; left behind: {string.Join(", ", worse)}"
            : untested.Count > 0 ? $"; too small to tell: {string.Join(", ", untested)}"
            : "; no slice is left behind";
    }

    private static string Missing(ComparedSides compared)
    {
        var open = compared.Decision.Metrics.Where(m => m.Result.Verdict == MatchesOrBeatsVerdict.Inconclusive).Select(m => m.Result).ToList();
        if (compared.Outcome != MatchesOrBeatsOutcome.Inconclusive || open.Count == 0)
        {
            return "";
        }

        var groups = open.Max(result => result.GroupsNeeded);
        var queries = open.Exists(result => result.MoreQueriesWillNotSettleIt) ? null : open.Max(result => result.QueriesNeeded);
        return groups is not null ? string.Create(CultureInfo.InvariantCulture, $"; at least {groups} groups of queries are needed, there are {compared.Set.GroupCount}")
            : open.Exists(result => result.MoreQueriesWillNotSettleIt) ? "; more queries will not settle it: the loss is too close to the margin"
            : queries > compared.Set.Queries.Count ? string.Create(CultureInfo.InvariantCulture, $"; about {queries:N0} queries would settle it, there are {compared.Set.Queries.Count:N0}")
            : "";
    }
}
