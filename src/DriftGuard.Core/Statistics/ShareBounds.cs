using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace DriftGuard.Core.Statistics;

/// <summary>
/// One-sided bounds for a share of which a sample shows some: Clopper and Pearson's (1934) for samples of an endless population, the
/// hypergeometric ones where the sample is a notable part of a finite one. Exact: the error is never more than stated.
/// </summary>
public static class ShareBounds
{
    /// <summary>Above this part of the population, a sample tells more than Clopper and Pearson's bounds say.</summary>
    public const double NotablePart = .05;

    /// <summary>The largest share of which so many hits or more would be rarer than <paramref name="alpha"/>; 0 for no hits.</summary>
    /// <param name="hits">Hits in the sample.</param>
    /// <param name="sample">Size of the sample, at least 1.</param>
    /// <param name="alpha">Error of the bound, e.g. .05.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are more hits than were looked at, or the error is not between 0 and 1.</exception>
    public static double Lower(long hits, long sample, double alpha)
    {
        Check(hits, sample, alpha);
        return hits == 0 ? 0 : Beta.InvCDF(hits, sample - hits + 1, alpha);
    }

    /// <summary>The smallest share of which so few hits would be rarer than <paramref name="alpha"/>; 1 if all were hits.</summary>
    /// <inheritdoc cref="Lower(long, long, double)"/>
    public static double Upper(long hits, long sample, double alpha)
    {
        Check(hits, sample, alpha);
        return hits == sample ? 1 : Beta.InvCDF(hits + 1, sample - hits, 1 - alpha);
    }

    /// <summary><see cref="Lower(long, long, double)"/> for a sample without replacement from a population.</summary>
    /// <param name="hits">Hits in the sample.</param>
    /// <param name="sample">Size of the sample, at least 1.</param>
    /// <param name="population">Size of the population, at least that of the sample.</param>
    /// <param name="alpha">Error of the bound.</param>
    public static double Lower(long hits, long sample, long population, double alpha)
    {
        Check(hits, sample, alpha);
        ArgumentOutOfRangeException.ThrowIfLessThan(population, sample);
        if (sample <= NotablePart * population)
            return Lower(hits, sample, alpha);
        return hits == 0 ? 0 : SmallestWith(hits, population - (sample - hits), marked => UpperTail(hits, sample, marked, population) >= alpha) / (double)population;
    }

    /// <summary><see cref="Upper(long, long, double)"/> for a sample without replacement from a population.</summary>
    /// <inheritdoc cref="Lower(long, long, long, double)"/>
    public static double Upper(long hits, long sample, long population, double alpha)
    {
        Check(hits, sample, alpha);
        ArgumentOutOfRangeException.ThrowIfLessThan(population, sample);
        if (sample <= NotablePart * population)
            return Upper(hits, sample, alpha);
        var most = population - (sample - hits);
        return hits == sample ? 1 : (SmallestWith(hits, most + 1, marked => marked > most || LowerTail(hits, sample, marked, population) < alpha) - 1) / (double)population;
    }

    /// <summary>The smallest number from <paramref name="from"/> for which a condition holds that goes on to hold; <paramref name="to"/> holds.</summary>
    private static long SmallestWith(long from, long to, Func<long, bool> holds)
    {
        while (from < to)
        {
            var middle = from + ((to - from) / 2);
            if (holds(middle))
                to = middle;
            else
                from = middle + 1;
        }

        return to;
    }

    /// <summary>P(at least so many hits), if so many of the population are marked.</summary>
    internal static double UpperTail(long hits, long sample, long marked, long population)
    {
        var sum = 0.0;
        for (var k = hits; k <= Math.Min(sample, marked); k++)
            sum += Probability(k, sample, marked, population);
        return Math.Min(1, sum);
    }

    private static double LowerTail(long hits, long sample, long marked, long population)
    {
        var sum = 0.0;
        for (var k = Math.Max(0, sample - (population - marked)); k <= hits; k++)
            sum += Probability(k, sample, marked, population);
        return Math.Min(1, sum);
    }

    private static double Probability(long hits, long sample, long marked, long population) =>
        hits > marked || sample - hits > population - marked || hits < 0
            ? 0
            : Math.Exp(LogChoose(marked, hits) + LogChoose(population - marked, sample - hits) - LogChoose(population, sample));

    private static double LogChoose(long n, long k) =>
        SpecialFunctions.GammaLn(n + 1.0) - SpecialFunctions.GammaLn(k + 1.0) - SpecialFunctions.GammaLn(n - k + 1.0);

    private static void Check(long hits, long sample, double alpha)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sample, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(hits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hits, sample);
        if (!(alpha > 0 && alpha < 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "expected an error between 0 and 1");
    }
}
