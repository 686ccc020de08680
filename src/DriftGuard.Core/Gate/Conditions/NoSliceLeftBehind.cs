using System.Globalization;
using DriftGuard.Core.Statistics.Slices;

namespace DriftGuard.Core.Gate.Conditions;

/// <summary>
/// No language or other slice is significantly and materially worse on any metric. One that is worse only by approximate search is the index'
/// to mend and refuses no model.
/// </summary>
internal static class NoSliceLeftBehind
{
    public static GateRow? Judge(GateEvidence evidence)
    {
        var metrics = evidence.Retrieval.Slices.Where(metric => metric.Users.Slices.Count > 0).ToList();
        if (metrics.Count == 0)
        {
            return null;
        }

        var worse = metrics.Exists(metric => metric.Users.Outcome == SlicesOutcome.Fail);
        var lostByTheModel = metrics.Exists(LosesExactly);
        var (verdict, reason) = worse ? (GateVerdict.Fail, lostByTheModel ? GateReason.SliceWorse : GateReason.IndexLoses)
            : metrics.Exists(metric => metric.Users.Outcome == SlicesOutcome.Inconclusive) ? (GateVerdict.Inconclusive, GateReason.SliceTooSmall)
            : (GateVerdict.Pass, GateReason.SlicesHold);
        var mend = worse && !lostByTheModel ? " Exact search does not lose it: raise hnsw_config.m or ef_construct of green, then resume." : "";
        return new("no slice left behind", verdict, reason, MessageOf(metrics) + mend)
        {
            Figures = FiguresOf(metrics),
            Final = lostByTheModel,
            Threshold = string.Create(CultureInfo.InvariantCulture,
                $"no slice with p <= {metrics[0].Users.Alpha:0.00} after Holm and a mean of -{metrics[0].Users.Margin:0.000} or below{(metrics.Count > 1 ? ", on any metric" : "")}"),
        };
    }

    /// <summary>A slice that fails as users search fails by exact search too, or nobody looked.</summary>
    private static bool LosesExactly(SliceEvidence metric) => metric.Users.Slices.Where(slice => slice.Verdict == SliceVerdict.Worse)
        .Any(slice => metric.Exact is null || metric.Exact.Slices.Any(exact => exact.Verdict == SliceVerdict.Worse && exact.Slice.Name == slice.Slice.Name));

    /// <summary>What is worse, on every metric; what was not tested, once.</summary>
    private static string MessageOf(List<SliceEvidence> metrics)
    {
        var told = metrics.SelectMany(metric => metric.Users.WorseSentences.Select(sentence => metrics.Count > 1 ? $"{metric.Metric}: {sentence}" : sentence))
            .Concat(metrics[0].Users.NotTestedSentences).ToList();
        return told.Count > 0 ? string.Join(" ", told) : $"none of {metrics[0].Users.Slices.Count} slice(s) is worse{(metrics.Count > 1 ? $" on any of {metrics.Count} metrics" : "")}";
    }

    private static Dictionary<string, double> FiguresOf(List<SliceEvidence> metrics)
    {
        var figures = metrics[0].Users.Slices.ToDictionary(slice => slice.Slice.Name, slice => slice.Mean, StringComparer.Ordinal);
        foreach (var metric in metrics.Skip(1))
        {
            foreach (var slice in metric.Users.Slices)
            {
                figures[$"{slice.Slice.Name} {metric.Metric}"] = slice.Mean;
            }
        }

        figures["margin"] = metrics[0].Users.Margin;
        figures["seed"] = metrics[0].Users.Seed;
        return figures;
    }
}
