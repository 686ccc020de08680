using DriftGuard.Core.Gate.MatchesOrBeats;

namespace DriftGuard.Core.Gate.Conditions;

/// <summary>One metric of the new collection matches or beats the old one's, paired by query.</summary>
internal static class MetricMatchesOrBeats
{
    public static GateRow Judge(MetricComparison comparison)
    {
        var result = comparison.Result;
        var (verdict, reason) = result.Verdict switch
        {
            MatchesOrBeatsVerdict.NoChange => (GateVerdict.Pass, GateReason.NoChange),
            MatchesOrBeatsVerdict.Worse => (GateVerdict.Fail, GateReason.Worse),
            MatchesOrBeatsVerdict.Inconclusive when result.MoreQueriesWillNotSettleIt => (GateVerdict.Inconclusive, GateReason.TooClose),
            MatchesOrBeatsVerdict.Inconclusive => (GateVerdict.Inconclusive, GateReason.TooFewQueries),
            _ => (GateVerdict.Pass, GateReason.MatchesOrBeats),
        };
        return new($"matches or beats, {comparison.Metric.Name}", verdict, reason, result.Sentence)
        {
            Final = true,
            Figures = FiguresOf(result),
        };
    }

    private static Dictionary<string, double> FiguresOf(MatchesOrBeatsResult result)
    {
        var figures = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["queries"] = result.Queries,
            ["groups"] = result.Groups,
            ["mean_old"] = result.MeanOld,
            ["mean_new"] = result.MeanNew,
            ["difference"] = result.MeanDifference,
            ["margin"] = result.Margin,
        };
        foreach (var (name, value) in new[] { ("lower", result.LowerBound), ("upper", result.UpperBound), ("design_effect", result.DesignEffect) })
        {
            if (value is { } known)
            {
                figures[name] = known;
            }
        }

        return figures;
    }
}
