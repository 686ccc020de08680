using System.Numerics.Tensors;

namespace DriftGuard.Core.Statistics.TwoSample;

/// <summary>The maximum mean discrepancy of two samples.</summary>
/// <param name="Squared">MMD^2, unbiased: about 0 for samples of one distribution, and then below 0 half of the time.</param>
/// <param name="MeanFirst">Mean kernel of two different vectors of the first sample.</param>
/// <param name="MeanSecond">Mean kernel of two different vectors of the second sample.</param>
/// <param name="MeanBetween">Mean kernel of a vector of each.</param>
/// <param name="StandardError">Of <paramref name="Squared"/> where the samples differ, by the variance of the witness function.</param>
/// <param name="Bandwidth">Of the Gaussian kernel, in the unit of the vectors.</param>
public sealed record MmdResult(double Squared, double MeanFirst, double MeanSecond, double MeanBetween, double StandardError, double Bandwidth);

/// <summary>
/// Maximum mean discrepancy with a Gaussian kernel (Gretton et al. 2012, "A kernel two-sample test", equation 3): how far apart are two
/// samples of vectors, whichever way they differ?
/// </summary>
public sealed class MaximumMeanDiscrepancy
{
    private readonly Samples _samples;
    private readonly double[] _kernel;

    private MaximumMeanDiscrepancy(Samples samples, double[] kernel, double bandwidth)
    {
        _samples = samples;
        _kernel = kernel;
        Bandwidth = bandwidth;
    }

    /// <summary>Standard deviation of the Gaussian kernel, in the unit of the vectors.</summary>
    public double Bandwidth { get; }

    private int Count => _samples.Rows.Count;

    /// <summary>Computes the kernel of every two vectors, once for the statistic and all permutations.</summary>
    /// <param name="distances">Distances of every two vectors.</param>
    /// <param name="bandwidth">Fixed by the baseline, mostly <see cref="PairwiseDistances.Median"/> of it.</param>
    /// <exception cref="ArgumentException">A sample has fewer than two vectors, or the bandwidth is not above 0.</exception>
    public static MaximumMeanDiscrepancy Of(PairwiseDistances distances, double bandwidth)
    {
        var samples = distances.Samples;
        if (samples.First < 2 || samples.Second < 2)
            throw new ArgumentException($"The samples have {samples.First} and {samples.Second} vectors; each needs two at least.", nameof(distances));
        if (!(bandwidth > 0 && double.IsFinite(bandwidth)))
            throw new ArgumentException(FormattableString.Invariant($"The bandwidth is {bandwidth}; expected a number above 0. Vectors that are mostly equal have none."), nameof(bandwidth));
        var count = samples.Rows.Count;
        var kernel = new double[count * count];
        Parallel.For(0, count, i =>
        {
            var row = kernel.AsSpan(i * count, count);
            TensorPrimitives.Multiply(distances.Row(i), distances.Row(i), row);
            TensorPrimitives.Multiply(row, -1 / (2 * bandwidth * bandwidth), row);
            TensorPrimitives.Exp(row, row);
            row[i] = 0; // A vector is no pair with itself.
        });
        return new(samples, kernel, bandwidth);
    }

    /// <summary>The statistic and its parts.</summary>
    public MmdResult Measure()
    {
        var (m, n) = (_samples.First, _samples.Second);
        var witness = new double[Count];
        var (first, second, between) = (0.0, 0.0, 0.0);
        for (var i = 0; i < Count; i++)
        {
            var row = _kernel.AsSpan(i * Count, Count);
            var toFirst = TensorPrimitives.Sum<double>(row[..m]);
            var toSecond = TensorPrimitives.Sum<double>(row[m..]);
            if (i < m)
            {
                first += toFirst;
                between += toSecond;
                witness[i] = (toFirst / (m - 1)) - (toSecond / n);
            }
            else
            {
                second += toSecond;
                witness[i] = (toSecond / (n - 1)) - (toFirst / m);
            }
        }

        var (xx, yy, xy) = (first / ((double)m * (m - 1)), second / ((double)n * (n - 1)), between / ((double)m * n));
        var error = 2 * Math.Sqrt((Variance(witness.AsSpan(0, m)) / m) + (Variance(witness.AsSpan(m)) / n));
        return new(xx + yy - (2 * xy), xx, yy, xy, error, Bandwidth);
    }

    /// <summary>How often does a random split into the same number of groups give a discrepancy as large as the observed one?</summary>
    /// <param name="groups">
    /// The group of each vector, from 0; a group lies in one sample as a whole and moves as a whole, since what was asked in one session
    /// or on one day is alike. One group a vector for independent ones.
    /// </param>
    /// <param name="permutations">Random splits, at least 1.</param>
    /// <param name="seed">Seed of the splits.</param>
    /// <exception cref="ArgumentException">The groups are not one for each vector, a group lies in both samples, or no permutation is asked for.</exception>
    public PermutationResult Permute(IReadOnlyList<int> groups, int permutations, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(permutations, 1);
        return GroupSums().Permute(permutations, seed);

        GroupPermutation GroupSums() => GroupPermutation.Of(_kernel, _samples, groups);
    }

    /// <summary>The same by counting every split; for few groups.</summary>
    /// <inheritdoc cref="Permute"/>
    public PermutationResult PermuteExactly(IReadOnlyList<int> groups) => GroupPermutation.Of(_kernel, _samples, groups).PermuteExactly();

    private static double Variance(ReadOnlySpan<double> values)
    {
        var mean = TensorPrimitives.Sum(values) / values.Length;
        var sum = 0.0;
        foreach (var value in values)
            sum += (value - mean) * (value - mean);
        return sum / (values.Length - 1);
    }
}
