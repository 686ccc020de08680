using System.Globalization;
using DriftGuard.Core.Gate.Attribution;
using DriftGuard.Core.Gate.MatchesOrBeats;

namespace DriftGuard.Core.Gate.Conditions;

/// <summary>
/// Each metric of the new collection matches or beats the old one's, paired by query, as users search. What is lost there and not by exact
/// search, the approximate index loses: that is mended and refuses no model.
/// </summary>
internal static class MetricMatchesOrBeats
{
    public static IEnumerable<GateRow> Judge(GateEvidence evidence) =>
        evidence.Retrieval.Decision.Metrics.Select((comparison, i) => Judge(comparison, evidence.Retrieval.Attributions.ElementAtOrDefault(i)));

    private static GateRow Judge(MetricComparison comparison, LossAttribution? attribution)
    {
        var result = comparison.Result;

        // What exact search does not surely lose is not held against the model for good.
        var indexLoses = result.Verdict == MatchesOrBeatsVerdict.Worse && attribution is { Cause: LossCause.ApproximateIndex or LossCause.None };
        var (verdict, reason) = result.Verdict switch
        {
            _ when result.Queries == 0 => (GateVerdict.Inconclusive, GateReason.NoQueries),
            MatchesOrBeatsVerdict.NoChange => (GateVerdict.Pass, GateReason.NoChange),
            MatchesOrBeatsVerdict.Worse => (GateVerdict.Fail, indexLoses ? GateReason.IndexLoses : GateReason.Worse),
            MatchesOrBeatsVerdict.Inconclusive when result.MoreQueriesWillNotSettleIt => (GateVerdict.Inconclusive, GateReason.TooClose),
            MatchesOrBeatsVerdict.Inconclusive => (GateVerdict.Inconclusive, GateReason.TooFewQueries),
            _ => (GateVerdict.Pass, GateReason.MatchesOrBeats),
        };
        return new($"matches or beats, {comparison.Metric.Name}", verdict, reason, result.Sentence + Attributed(result, attribution, indexLoses))
        {
            Final = !indexLoses,
            Threshold = ThresholdOf(result),
            Figures = FiguresOf(result, attribution),
        };
    }

    private static string Attributed(MatchesOrBeatsResult result, LossAttribution? attribution, bool indexLoses) => attribution switch
    {
        null => "",
        { Cause: LossCause.None } when indexLoses => $" Neither model nor approximate index loses it for sure: {attribution.Parts}. Raise hnsw_config.m or ef_construct of green, then resume.",
        _ when indexLoses => $" {Upper(attribution.Sentence)}. Then resume.",
        _ when result.Verdict == MatchesOrBeatsVerdict.Worse => $" {Upper(attribution.Sentence)}.",
        _ => "",
    };

    private static string Upper(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];

    private static string ThresholdOf(MatchesOrBeatsResult result) => result.Rule == ComparisonRule.Point
        ? "mean of the new at least that of the old"
        : string.Create(CultureInfo.InvariantCulture,
            $"lower bound above -{result.Margin:0.000#}, {MatchesOrBeatsRule.MinimumGroups} groups; fails with the upper bound below -{result.Epsilon:0.000#}");

    private static Dictionary<string, double> FiguresOf(MatchesOrBeatsResult result, LossAttribution? attribution)
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
            ("difference_of_the_model", attribution?.Model.Mean), ("difference_of_the_index", attribution?.Index.Mean),
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
