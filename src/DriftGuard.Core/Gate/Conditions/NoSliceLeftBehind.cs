using System.Globalization;
using DriftGuard.Core.Statistics.Slices;

namespace DriftGuard.Core.Gate.Conditions;

/// <summary>No language or other slice is significantly and materially worse on the first metric.</summary>
internal static class NoSliceLeftBehind
{
    public static GateRow? Judge(GateEvidence evidence)
    {
        if (evidence.Retrieval.Slices is not { Slices.Count: > 0 } slices)
        {
            return null;
        }

        var (verdict, reason) = slices.Outcome switch
        {
            SlicesOutcome.Fail => (GateVerdict.Fail, GateReason.SliceWorse),
            SlicesOutcome.Inconclusive => (GateVerdict.Inconclusive, GateReason.SliceTooSmall),
            _ => (GateVerdict.Pass, GateReason.SlicesHold),
        };
        var told = slices.Sentences.Count > 0 ? string.Join(" ", slices.Sentences) : $"none of {slices.Slices.Count} slice(s) is worse";
        var figures = slices.Slices.ToDictionary(s => s.Slice.Name, s => s.Mean, StringComparer.Ordinal);
        figures["margin"] = slices.Margin;
        figures["seed"] = slices.Seed;
        return new("no slice left behind", verdict, reason, told)
        {
            Figures = figures,
            Final = true,
            Threshold = string.Create(CultureInfo.InvariantCulture, $"no slice with p <= {slices.Alpha:0.00} after Holm and a mean of -{slices.Margin:0.000} or below"),
        };
    }
}
