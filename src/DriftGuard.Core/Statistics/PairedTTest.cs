namespace DriftGuard.Core.Statistics;

/// <summary>
/// Student's t for paired differences. For reports and for comparison with other tools; the gate does not decide by it, because with few
/// queries, most of them unchanged, it accepts losses (see the rule of matches or beats).
/// </summary>
public sealed record PairedTTest
{
    private PairedTTest()
    {
    }

    /// <summary>Number of pairs.</summary>
    public int Pairs { get; private init; }

    /// <summary>Mean difference.</summary>
    public double Mean { get; private init; }

    /// <summary>Standard deviation with n - 1; 0 where all differences are equal, null for one pair.</summary>
    public double? StandardDeviation { get; private init; }

    /// <summary>Standard deviation / sqrt(n); null for one pair.</summary>
    public double? StandardError => StandardDeviation / Math.Sqrt(Pairs);

    /// <summary>From differences new - old.</summary>
    /// <exception cref="ArgumentException">There is none, or one is not finite.</exception>
    public static PairedTTest Of(IReadOnlyList<double> differences)
    {
        if (differences.Count == 0)
            throw new ArgumentException("There is no pair to test.", nameof(differences));
        if (differences.Any(difference => !double.IsFinite(difference)))
            throw new ArgumentException("A difference is not a finite number.", nameof(differences));
        var n = differences.Count;

        // Equal by comparison, not by a variance that rounding keeps above 0.
        var allEqual = differences.All(difference => difference == differences[0]);
        var mean = allEqual ? differences[0] : differences.Sum() / n;
        var deviation = allEqual ? 0 : Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / (n - 1));
        return new PairedTTest { Pairs = n, Mean = mean, StandardDeviation = n < 2 ? null : deviation };
    }

    /// <summary>The one-sided lower bound of the mean at 1 - <paramref name="alpha"/>; null for one pair.</summary>
    public double? LowerBound(double alpha) => StandardError is { } error
        ? Mean - (StudentDistribution.Quantile(1 - alpha, Pairs - 1) * error)
        : null;

    /// <summary>t for the mean against <paramref name="shift"/>; null where the standard error is 0 or unknown.</summary>
    public double? Statistic(double shift = 0) => StandardError is > 0 and { } error ? (Mean - shift) / error : null;

    /// <summary>p for a mean of <paramref name="shift"/> or less against a larger one; null for one pair, and for 0 / 0.</summary>
    public double? PGreater(double shift = 0)
    {
        if (Statistic(shift) is { } t)
            return StudentDistribution.UpperTail(t, Pairs - 1);
        if (StandardError is null || Mean == shift)
            return null;
        return Mean > shift ? 0 : 1;
    }

    /// <summary>p for a mean of 0 against any other; null for one pair, and for 0 / 0.</summary>
    public double? PTwoSided()
    {
        if (Statistic() is { } t)
            return 2 * StudentDistribution.UpperTail(Math.Abs(t), Pairs - 1);
        return StandardError is null || Mean == 0 ? null : 0;
    }
}
