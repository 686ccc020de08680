using System.Globalization;

namespace DriftGuard.Core.Gate.MatchesOrBeats;

/// <summary>Says a result in words: the verdict, the figures, and where it is inconclusive what is missing.</summary>
internal static class MatchesOrBeatsSentence
{
    public static string Of(MatchesOrBeatsResult result) => result.Queries == 0
        ? $"Inconclusive: there is no query to compare. Add {MatchesOrBeatsRule.MinimumGroups} or more, of different documents."
        : $"{Opening(result)}: {Figures(result)}.{Advice(result)}";

    private static string Opening(MatchesOrBeatsResult result) => result.Verdict switch
    {
        MatchesOrBeatsVerdict.Better => "Better",
        MatchesOrBeatsVerdict.Matches when result.Rule == ComparisonRule.Point => "Matches",
        MatchesOrBeatsVerdict.Matches => $"Matches within {Plain(result.Margin)}",
        MatchesOrBeatsVerdict.Worse => "Worse",
        MatchesOrBeatsVerdict.NoChange => "No change, both sides are the same model",
        _ => $"Inconclusive at a margin of {Plain(result.Margin)}",
    };

    private static string Figures(MatchesOrBeatsResult result)
    {
        var means = $"{Plain(result.MeanNew)} against {Plain(result.MeanOld)}, {Signed(result.MeanDifference)}";
        var size = string.Create(CultureInfo.InvariantCulture, $"{result.Queries:N0} queries in {result.Groups:N0} groups");
        return result is { Rule: ComparisonRule.Paired, LowerBound: { } lower, UpperBound: { } upper, DesignEffect: { } designEffect }
            ? $"{means} (bounds {Signed(lower)} and {Signed(upper)}) on {size}, design effect {designEffect.ToString("0.00", CultureInfo.InvariantCulture)}"
            : $"{means} on {size}";
    }

    private static string Advice(MatchesOrBeatsResult result)
    {
        if (result.Verdict != MatchesOrBeatsVerdict.Inconclusive)
            return "";
        var queries = result switch
        {
            { EffectiveQueries: null } => " Two queries in two groups are the least that can be compared.",
            { MoreQueriesWillNotSettleIt: true } => " More queries will not settle it: the loss is too close to the margin.",
            { QueriesNeeded: { } needed } when needed > result.Queries =>
                string.Create(CultureInfo.InvariantCulture, $" About {needed:N0} queries would settle it; this many settle a margin of {result.AttainableMargin:0.000}."),
            _ => "",
        };
        var groups = result.GroupsNeeded is { } groupsNeeded
            ? string.Create(CultureInfo.InvariantCulture, $" At least {groupsNeeded} groups of queries are needed: add queries of {groupsNeeded - result.Groups} or more other documents.")
            : "";
        return queries + groups;
    }

    private static string Plain(double value) => value.ToString("0.000#", CultureInfo.InvariantCulture);

    private static string Signed(double value) => value.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture);
}
