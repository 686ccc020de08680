using System.Globalization;
using DriftGuard.Core.Statistics.Thresholds;
using DriftGuard.Core.Text;

namespace DriftGuard.Core.Calibration.Thresholds;

/// <summary>
/// Learns a threshold from labelled pairs. One half of the groups gives it, the other half its figures, so that the number that is used is
/// the number that was tested, and nothing is fitted after the test. (Fitted on each half and tested on the other, a conformal threshold
/// accepts alpha on average whatever it is worth: where one half lets through too many, the other lets through too few.) Where the pairs
/// are too few for two halves all of them teach, and the figures say so.
/// </summary>
public static class ThresholdLearner
{
    /// <summary>Pairs of each class without which a half tells nothing.</summary>
    private const int LeastTested = 10;

    /// <summary>Learns a threshold.</summary>
    /// <param name="pairs">The labelled pairs, scored; in any number.</param>
    /// <param name="options">Method, alpha, seed.</param>
    /// <param name="missing">Why there is no threshold: how many pairs of which label are missing.</param>
    /// <returns>Null where pairs are missing.</returns>
    /// <exception cref="ArgumentException">The method is none that learns, or alpha is not between 0 and 1.</exception>
    public static LearnedThreshold? Learn(IReadOnlyList<ScoredPair> pairs, ThresholdOptions options, out string? missing)
    {
        if (options.Method is not (ThresholdMethod.Conformal or ThresholdMethod.Youden))
            throw new ArgumentException($"{options.Method} does not learn from labelled pairs.", nameof(options));

        // A pair that is listed again is no second observation: a bound that counts it would promise what nobody saw.
        var listed = pairs.Count;
        pairs = [.. pairs.DistinctBy(pair => (pair.Group, pair.Score, pair.Positive))];
        missing = Missing(pairs, options);
        if (missing is not null)
            return null;

        var halves = PairHalves.Of(pairs, options.Seed);
        var heldOut = Missing(halves.Learn, options) is null && Count(halves.Test, true) >= LeastTested && Count(halves.Test, false) >= LeastTested;
        var (learn, test) = heldOut ? (halves.Learn, halves.Test) : (pairs, pairs);
        var cut = CutOf(learn, options)!.Value;
        var (slices, leftOut) = ThresholdSlices.Of(cut, learn, test, options);
        return new()
        {
            Cut = cut,
            Options = options,
            Interval = GroupBootstrap.Interval(
                [.. learn.Select(pair => pair.Group)], options.Seed, options.Resamples, positions => CutOf([.. positions.Select(i => learn[i])], options)?.Value),
            LearnedPositives = Count(learn, true),
            LearnedNegatives = Count(learn, false),
            LearnedGroups = learn.Select(pair => pair.Group).Distinct().Count(),
            HeldOut = heldOut,
            Figures = CutFigures.Of(cut, test, options),
            Auc = AucOf(pairs)!.Value,
            AucInterval = GroupBootstrap.Interval([.. pairs.Select(pair => pair.Group)], options.Seed, options.Resamples, positions => AucOf([.. positions.Select(i => pairs[i])])),
            Slices = slices,
            SlicesLeftOut = leftOut,
            Notes = [.. Repeats(listed - pairs.Count), .. Notes(pairs, options, heldOut, slices)],
        };
    }

    /// <summary>The threshold of all of these pairs; null where they have too few of a label.</summary>
    internal static Cut? CutOf(IReadOnlyList<ScoredPair> pairs, ThresholdOptions options)
    {
        if (options.Method == ThresholdMethod.Conformal)
            return ConformalThreshold.OnNegatives([.. pairs.Where(pair => !pair.Positive).Select(pair => pair.Score)], options.Alpha).Cut;
        var best = RocCurve.Of([.. pairs.Select(pair => pair.Score)], [.. pairs.Select(pair => pair.Positive)]).Youden();
        return best is null ? null : new Cut(best.Threshold!.Value, CutRule.AtOrAbove);
    }

    private static double? AucOf(IReadOnlyList<ScoredPair> pairs) => RocCurve.Of([.. pairs.Select(pair => pair.Score)], [.. pairs.Select(pair => pair.Positive)]).Auc();

    private static int Count(IReadOnlyList<ScoredPair> pairs, bool positive) => pairs.Count(pair => pair.Positive == positive);

    private static string? Missing(IReadOnlyList<ScoredPair> pairs, ThresholdOptions options)
    {
        var parts = new List<string>();
        Need("negative", Count(pairs, false), options.NegativesNeeded, options.Method == ThresholdMethod.Conformal ? $" at alpha {options.Alpha.ToString(CultureInfo.InvariantCulture)}" : "");
        Need("positive", Count(pairs, true), options.PositivesNeeded, "");
        return parts.Count == 0 ? null : $"too few labelled pairs: {string.Join("; ", parts)}";

        void Need(string label, int found, int needed, string why)
        {
            if (found < needed)
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{found} {label} where {needed} are needed{why}, add {needed - found}"));
        }
    }

    private static IEnumerable<string> Repeats(int repeated) => repeated == 0
        ? []
        : [string.Create(CultureInfo.InvariantCulture, $"{repeated:N0} pairs that repeat another teach nothing and were left out")];

    private static IEnumerable<string> Notes(IReadOnlyList<ScoredPair> pairs, ThresholdOptions options, bool heldOut, IReadOnlyList<ThresholdSlice> slices)
    {
        if (!heldOut)
        {
            var negatives = Math.Max(0, (2 * Math.Max(options.NegativesNeeded, LeastTested)) - Count(pairs, false));
            var positives = Math.Max(0, (2 * Math.Max(options.PositivesNeeded, LeastTested)) - Count(pairs, true));
            yield return negatives + positives == 0
                ? "the figures are those of the pairs it was learned from, which flatter it: the pairs share so many texts that they do not fall into two halves; use other texts in some"
                : string.Create(CultureInfo.InvariantCulture,
                    $"the figures are those of the pairs it was learned from, which flatter it: {negatives} more negative and {positives} more positive pairs leave a half to test on");
        }

        if (slices.Where(slice => slice.AcceptsTooMany).ToList() is { Count: > 0 } loose)
        {
            yield return $"accepts significantly more than {PercentText.Format((double)options.Alpha)} of the different pairs in {string.Join(", ", loose.Select(slice => $"{slice.Name} ({PercentText.Format(slice.Figures.FalseAccepts!.Share)})"))}: "
                + "the number does not carry over to these; learn one for each";
        }
    }
}
