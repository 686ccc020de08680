namespace DriftGuard.Core.Statistics;

/// <summary>How a sign-flip p-value was reached.</summary>
/// <param name="P">The p-value.</param>
/// <param name="Hits">Sign vectors whose sum is at least the observed one, the observed one included where all were counted.</param>
/// <param name="Total">Sign vectors looked at.</param>
/// <param name="Exact">Whether all sign vectors were counted; otherwise P = (1 + hits) / (1 + total).</param>
/// <param name="Seed">The seed of the random signs; null where exact.</param>
public sealed record SignFlipResult(double P, long Hits, long Total, bool Exact, int? Seed);

/// <summary>
/// The sign-flip test for values that are symmetric around 0 under the null hypothesis: how often does a random choice of signs give a sum
/// as large as the observed one (Fisher 1935)? Ties are ties of the numbers and not of their rounded sums, hence the tolerance: naive sums
/// gave p = .203 for .344.
/// </summary>
public static class SignFlipTest
{
    /// <summary>More values than this are not enumerated by <see cref="Greater"/>: 2^20 sign vectors.</summary>
    public const int LargestExact = 20;

    private const double TieTolerance = 1e-12;

    /// <summary>p for "the sum is not above 0": exact up to <see cref="LargestExact"/> values, otherwise by random signs.</summary>
    /// <param name="values">One value for each unit that is flipped as a whole.</param>
    /// <param name="resamples">Random sign vectors where there are too many to enumerate.</param>
    /// <param name="seed">Seed of the random signs.</param>
    /// <exception cref="ArgumentException">A value is not finite, or no resample is asked for.</exception>
    public static SignFlipResult Greater(IReadOnlyList<double> values, int resamples, int seed) => Flip(values, resamples, seed, twoSided: false);

    /// <summary>p for "the sum is 0": exact up to <see cref="LargestExact"/> values, otherwise by random signs. 1 for no values.</summary>
    /// <inheritdoc cref="Greater"/>
    public static SignFlipResult TwoSided(IReadOnlyList<double> values, int resamples, int seed) => Flip(values, resamples, seed, twoSided: true);

    /// <summary>p by counting all 2^n sign vectors.</summary>
    /// <param name="values">At most <see cref="LargestExact"/> values.</param>
    /// <param name="twoSided">Whether the magnitude of the sum counts instead of the sum.</param>
    /// <exception cref="ArgumentException">There are too many values, or one is not finite.</exception>
    public static SignFlipResult Exact(IReadOnlyList<double> values, bool twoSided)
    {
        Refuse(values);
        if (values.Count > LargestExact)
            throw new ArgumentException($"{values.Count} values have 2^{values.Count} sign vectors; at most {LargestExact} values are counted.", nameof(values));
        var (sum, tolerance) = Observed(values);
        var observed = (twoSided ? Math.Abs(sum) : sum) - tolerance;

        // Every sum is one of the first half's and one of the second half's: few additions each, so that rounding stays below the tolerance.
        var firstHalf = Sums([.. values.Take(values.Count / 2)]);
        var secondHalf = Sums([.. values.Skip(values.Count / 2)]);
        var hits = 0L;
        foreach (var first in firstHalf)
        {
            foreach (var second in secondHalf)
            {
                var flipped = first + second;
                if ((twoSided ? Math.Abs(flipped) : flipped) >= observed)
                    hits++;
            }
        }

        var total = 1L << values.Count;
        return new SignFlipResult(hits / (double)total, hits, total, Exact: true, Seed: null);
    }

    private static SignFlipResult Flip(IReadOnlyList<double> values, int resamples, int seed, bool twoSided)
    {
        if (values.Count <= LargestExact)
            return Exact(values, twoSided);
        Refuse(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        var (sum, tolerance) = Observed(values);
        var observed = (twoSided ? Math.Abs(sum) : sum) - tolerance;
        var random = new Random(seed);
        var hits = 0L;
        for (var resample = 0; resample < resamples; resample++)
        {
            var flipped = RandomSum(values, random);
            if ((twoSided ? Math.Abs(flipped) : flipped) >= observed)
                hits++;
        }

        return new SignFlipResult((1.0 + hits) / (1.0 + resamples), hits, resamples, Exact: false, seed);
    }

    private static (double Sum, double Tolerance) Observed(IReadOnlyList<double> values) =>
        (values.Sum(), TieTolerance * values.Sum(Math.Abs));

    private static double RandomSum(IReadOnlyList<double> values, Random random)
    {
        var sum = 0.0;
        var bits = 0L;
        for (var i = 0; i < values.Count; i++)
        {
            if (i % 62 == 0)
                bits = random.NextInt64();
            sum += (bits & 1) == 0 ? values[i] : -values[i];
            bits >>= 1;
        }

        return sum;
    }

    private static double[] Sums(double[] values)
    {
        double[] sums = [0];
        foreach (var value in values)
            sums = [.. sums.Select(sum => sum + value), .. sums.Select(sum => sum - value)];
        return sums;
    }

    private static void Refuse(IReadOnlyList<double> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (!double.IsFinite(values[i]))
                throw new ArgumentException(FormattableString.Invariant($"Value {i} is {values[i]}; expected a finite number."), nameof(values));
        }
    }
}
