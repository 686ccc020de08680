using DriftGuard.Core.Statistics;
using DriftGuard.Core.Statistics.Thresholds;

namespace DriftGuard.Core.Calibration.Thresholds;

/// <summary>How the one threshold does on a slice.</summary>
/// <param name="Field">The column.</param>
/// <param name="Value">Its value.</param>
/// <param name="Figures">The threshold's figures on the slice's tested pairs.</param>
/// <param name="AdjustedP">
/// p of the hypothesis that no more than alpha of the slice's negatives is accepted, after Holm's correction over all slices; null where the
/// method bounds nothing or the slice has no negatives.
/// </param>
/// <param name="AcceptsTooMany">Whether significantly more of its negatives than alpha are accepted.</param>
/// <param name="OwnThreshold">The threshold that the slice's own learning pairs give; null where they are too few.</param>
public sealed record ThresholdSlice(string Field, string Value, CutFigures Figures, double? AdjustedP, bool AcceptsTooMany, double? OwnThreshold)
{
    /// <summary>The slice as people name it.</summary>
    public string Name => $"{Field}={Value}";
}

/// <summary>The threshold slice by slice.</summary>
internal static class ThresholdSlices
{
    /// <summary>More slices than this are not looked at, the smallest first: the correction would leave nothing to find.</summary>
    public const int Most = 20;

    private const double Alpha = .05;

    public static (IReadOnlyList<ThresholdSlice> Slices, int LeftOut) Of(
        Cut cut, IReadOnlyList<ScoredPair> learned, IReadOnlyList<ScoredPair> tested, ThresholdOptions options)
    {
        var all = options.Slices
            .SelectMany(field => tested.Where(pair => pair.Fields.ContainsKey(field)).GroupBy(pair => pair.Fields[field], StringComparer.Ordinal)
                .Select(group => (Field: field, Value: group.Key, Pairs: group.ToArray())))
            .ToList();
        var chosen = all.OrderByDescending(slice => slice.Pairs.Length).Take(Most)
            .OrderBy(slice => slice.Field, StringComparer.Ordinal).ThenBy(slice => slice.Value, StringComparer.Ordinal).ToList();
        var figures = chosen.ConvertAll(slice => CutFigures.Of(cut, slice.Pairs));
        var adjusted = AdjustedP(figures, options);
        return ([.. chosen.Select((slice, i) => new ThresholdSlice(
            slice.Field, slice.Value, figures[i], adjusted[i],
            adjusted[i] is { } p && MultipleTesting.Rejects(p, Alpha),
            Own([.. learned.Where(pair => pair.Fields.GetValueOrDefault(slice.Field) == slice.Value)], options)))], all.Count - chosen.Count);
    }

    // Youden's threshold promises nothing of the negatives, so there is nothing to break.
    private static double?[] AdjustedP(List<CutFigures> figures, ThresholdOptions options)
    {
        var adjusted = new double?[figures.Count];
        if (options.Method != ThresholdMethod.Conformal)
            return adjusted;
        int[] tested = [.. Enumerable.Range(0, figures.Count).Where(i => figures[i].FalseAccepts is not null)];
        var holm = MultipleTesting.Holm([.. tested.Select(i => figures[i].FalseAccepts!.PAbove((double)options.Alpha))]);
        for (var i = 0; i < tested.Length; i++)
            adjusted[tested[i]] = holm[i];
        return adjusted;
    }

    private static double? Own(ScoredPair[] pairs, ThresholdOptions options) =>
        pairs.Count(pair => !pair.Positive) >= options.NegativesNeeded && (options.Method == ThresholdMethod.Conformal || pairs.Count(pair => pair.Positive) >= options.PositivesNeeded)
            ? ThresholdLearner.CutOf(pairs, options)?.Value
            : null;
}
