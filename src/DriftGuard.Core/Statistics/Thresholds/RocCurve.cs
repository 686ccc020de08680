using System.Runtime.InteropServices;

namespace DriftGuard.Core.Statistics.Thresholds;

/// <summary>What is accepted from a score on.</summary>
/// <param name="Score">A score that occurs; those that equal it are accepted too.</param>
/// <param name="TruePositives">Positives that are accepted.</param>
/// <param name="FalsePositives">Negatives that are accepted.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RocPoint(double Score, long TruePositives, long FalsePositives);

/// <summary>The thresholds at which a measure is best.</summary>
/// <param name="Best">The measure there.</param>
/// <param name="Threshold">The largest such score, accepting itself; null where no threshold is meant.</param>
/// <param name="AllOptimal">All of them, descending.</param>
public sealed record BestThreshold(double Best, double? Threshold, IReadOnlyList<double> AllOptimal);

/// <summary>
/// The receiver operating characteristic of labelled scores: what is accepted from each distinct score on, descending. Scores that are
/// equal are accepted together, 0.0 and -0.0 among them.
/// </summary>
public sealed class RocCurve
{
    private RocCurve(IReadOnlyList<RocPoint> points, int positives, int negatives) => (Points, Positives, Negatives) = (points, positives, negatives);

    /// <summary>One point a distinct score, descending.</summary>
    public IReadOnlyList<RocPoint> Points { get; }

    /// <summary>P.</summary>
    public int Positives { get; }

    /// <summary>N.</summary>
    public int Negatives { get; }

    /// <summary>The curve of labelled scores.</summary>
    /// <param name="scores">Larger means more likely positive.</param>
    /// <param name="positive">The label of each.</param>
    /// <exception cref="ArgumentException">The lists differ in length, or a score is not finite.</exception>
    public static RocCurve Of(IReadOnlyList<double> scores, IReadOnlyList<bool> positive)
    {
        if (scores.Count != positive.Count)
            throw new ArgumentException($"{scores.Count} scores have {positive.Count} labels; each score needs one.", nameof(positive));
        double[] keys = [.. scores];
        bool[] labels = [.. positive];
        if (!keys.All(double.IsFinite))
            throw new ArgumentException("A score is not finite.", nameof(scores));
        Array.Sort(keys, labels);
        var points = new List<RocPoint>();
        var (accepted, rejected) = (0, 0);
        for (var i = keys.Length - 1; i >= 0; i--)
        {
            if (labels[i])
                accepted++;
            else
                rejected++;
            if (i == 0 || keys[i - 1] != keys[i])
                points.Add(new(keys[i], accepted, rejected));
        }

        return new(points, accepted, rejected);
    }

    /// <summary>The area under the curve: the probability that a positive scores above a negative, ties counted half. Null without both.</summary>
    public double? Auc()
    {
        if (Positives == 0 || Negatives == 0)
            return null;
        var (twice, before) = (0L, default(RocPoint));
        foreach (var point in Points)
        {
            twice += (point.FalsePositives - before.FalsePositives) * (before.TruePositives + point.TruePositives);
            before = point;
        }

        return twice / (2.0 * Positives * Negatives);
    }

    /// <summary>Average precision without interpolation: the precision at each distinct score, weighed by the recall gained there; 0 without positives.</summary>
    public double AveragePrecision()
    {
        var (sum, before) = (0.0, 0L);
        foreach (var point in Points)
        {
            sum += (point.TruePositives - before) * ((double)point.TruePositives / (point.TruePositives + point.FalsePositives));
            before = point.TruePositives;
        }

        return Positives == 0 ? 0 : sum / Positives;
    }

    /// <summary>
    /// Youden's J, recall minus the share of negatives accepted (Youden 1950). Compared as whole numbers TP N - FP P: as doubles, equal ones
    /// differ in their last digit and a wrong threshold wins. Null without both classes.
    /// </summary>
    public BestThreshold? Youden() => Positives == 0 || Negatives == 0
        ? null
        : Best(point => ((point.TruePositives * Negatives) - (point.FalsePositives * Positives), (long)Positives * Negatives));

    /// <summary>F1 = 2 TP / (2 TP + FP + FN); 0 and no threshold without positives.</summary>
    public BestThreshold F1() => Positives == 0
        ? new(0, null, [])
        : Best(point => (2 * point.TruePositives, point.TruePositives + point.FalsePositives + Positives));

    /// <summary>Share of right answers, over the scores that occur; accepting nothing may be better: <see cref="AccuracyOfNone"/>.</summary>
    public BestThreshold Accuracy() => Points.Count == 0
        ? new(0, null, [])
        : Best(point => (point.TruePositives + Negatives - point.FalsePositives, Positives + Negatives));

    /// <summary>Share of right answers where nothing is accepted; 0 without scores.</summary>
    public double AccuracyOfNone() => Points.Count == 0 ? 0 : (double)Negatives / (Positives + Negatives);

    // Fractions of whole numbers are compared by cross-multiplication, which is exact.
    private BestThreshold Best(Func<RocPoint, (long Numerator, long Denominator)> measure)
    {
        var (best, optimal) = ((Numerator: long.MinValue, Denominator: 1L), new List<double>());
        foreach (var point in Points)
        {
            var found = measure(point);
            var order = optimal.Count == 0 ? 1 : ((Int128)found.Numerator * best.Denominator).CompareTo((Int128)best.Numerator * found.Denominator);
            if (order > 0)
            {
                best = found;
                optimal.Clear();
            }

            if (order >= 0)
                optimal.Add(point.Score);
        }

        return new((double)best.Numerator / best.Denominator, optimal[0], optimal);
    }
}
