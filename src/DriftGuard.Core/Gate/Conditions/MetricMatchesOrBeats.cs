using System.Globalization;
using DriftGuard.Core.Gate.MatchesOrBeats;

namespace DriftGuard.Core.Gate.Conditions;

/// <summary>
/// Each metric of the new collection matches or beats the old one's, paired by query, as users search. What is lost there and not by exact
/// search, the approximate index loses: that is mended and refuses no model.
/// </summary>
internal static class MetricMatchesOrBeats
{
    public static IEnumerable<GateRow> Judge(GateEvidence evidence) =>
        evidence.Retrieval.Decision.Metrics.Select((comparison, i) => Judge(comparison, evidence.Retrieval.Exact?.Metrics[i].Result));

    private static GateRow Judge(MetricComparison comparison, MatchesOrBeatsResult? exact)
    {
        var result = comparison.Result;
        var indexLoses = result.Verdict == MatchesOrBeatsVerdict.Worse && exact?.Verdict.Passes() == true;
        var (verdict, reason) = result.Verdict switch
        {
            _ when result.Queries == 0 => (GateVerdict.Inconclusive, GateReason.NoQueries),
            MatchesOrBeatsVerdict.NoChange => (GateVerdict.Pass, GateReason.NoChange),
            MatchesOrBeatsVerdict.Worse => (GateVerdict.Fail, indexLoses ? GateReason.IndexLoses : GateReason.Worse),
            MatchesOrBeatsVerdict.Inconclusive when result.MoreQueriesWillNotSettleIt => (GateVerdict.Inconclusive, GateReason.TooClose),
            MatchesOrBeatsVerdict.Inconclusive => (GateVerdict.Inconclusive, GateReason.TooFewQueries),
            _ => (GateVerdict.Pass, GateReason.MatchesOrBeats),
        };
        return new($"matches or beats, {comparison.Metric.Name}", verdict, reason, result.Sentence + Attributed(result, exact, indexLoses))
        {
            Final = !indexLoses,
            Threshold = ThresholdOf(result),
            Figures = FiguresOf(result, exact),
        };
    }

    private static string Attributed(MatchesOrBeatsResult result, MatchesOrBeatsResult? exact, bool indexLoses) => exact switch
    {
        { Queries: > 0 } when indexLoses => string.Create(CultureInfo.InvariantCulture,
            $" By exact search {exact.MeanDifference:+0.0000;-0.0000;0.0000} ({exact.Verdict.Name()}): the loss is the approximate index's and not the model's. Raise hnsw_config.m or ef_construct of green, then resume."),
        { Queries: > 0 } when result.Verdict == MatchesOrBeatsVerdict.Worse => string.Create(CultureInfo.InvariantCulture,
            $" By exact search {exact.MeanDifference:+0.0000;-0.0000;0.0000} ({exact.Verdict.Name()}): the model loses it."),
        _ => "",
    };

    private static string ThresholdOf(MatchesOrBeatsResult result) => result.Rule == ComparisonRule.Point
        ? "mean of the new at least that of the old"
        : string.Create(CultureInfo.InvariantCulture,
            $"lower bound above -{result.Margin:0.000#}, {MatchesOrBeatsRule.MinimumGroups} groups; fails with the upper bound below -{result.Epsilon:0.000#}");

    private static Dictionary<string, double> FiguresOf(MatchesOrBeatsResult result, MatchesOrBeatsResult? exact)
    {
        var figures = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["queries"] = result.Queries,
            ["groups"] = result.Groups,
            ["mean_old"] = result.MeanOld,
            ["mean_new"] = result.MeanNew,
            ["difference"] = result.MeanDifference,
            ["margin"] = result.Margin,
            ["epsilon"] = result.Epsilon,
        };
        (string Name, double? Value)[] others =
        [
            ("lower", result.LowerBound), ("upper", result.UpperBound), ("design_effect", result.DesignEffect), ("queries_needed", result.QueriesNeeded),
            ("difference_exact", exact?.MeanDifference), ("difference_of_the_index", result.MeanDifference - exact?.MeanDifference),
        ];
        foreach (var (name, value) in others)
        {
            if (value is { } known)
            {
                figures[name] = known;
            }
        }

        return figures;
    }
}
