namespace DriftGuard.Core.Statistics;

/// <summary>A two-sided interval.</summary>
/// <param name="Lower">Its lower end.</param>
/// <param name="Upper">Its upper end.</param>
/// <param name="Alpha">How often such an interval misses, both sides together.</param>
public sealed record MeanInterval(double Lower, double Upper, double Alpha);

/// <summary>
/// The interval of a mean of values in [0, 1] whose queries move together in groups: Student's t with as many degrees of freedom as groups
/// less one, over a cluster-robust variance (Liang and Zeger 1986; the factor G / (G - 1) is that of small samples), with one
/// pseudo-observation at 0 and one at 1 (Agresti and Coull 1998). Without those, queries that all score 1 would give an interval without
/// width. No resampling, hence no seed.
/// </summary>
public static class ClusteredMean
{
    /// <summary>The error of intervals in reports: 95 % intervals.</summary>
    public const double Alpha = .05;

    /// <summary>The interval of the mean, within [0, 1].</summary>
    /// <param name="values">A value for each query, in [0, 1].</param>
    /// <param name="groups">The group of each query.</param>
    /// <param name="alpha">How often it may miss, in (0, 1).</param>
    /// <returns>null with fewer than 2 groups: nothing can be said then.</returns>
    /// <exception cref="ArgumentException">The lists differ in length, or a value is not a number in [0, 1].</exception>
    public static MeanInterval? Interval(IReadOnlyList<double> values, IReadOnlyList<int> groups, double alpha = Alpha)
    {
        // On [-1, 1] the pseudo-observations are those of differences.
        if (ClusteredDifferences.Estimated([.. values.Select(value => (2 * value) - 1)], groups) is not { } estimate)
            return null;
        var (lower, upper) = estimate.Bounds(alpha / 2);
        return new(Math.Clamp((1 + lower) / 2, 0, 1), Math.Clamp((1 + upper) / 2, 0, 1), alpha);
    }
}
