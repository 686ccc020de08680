using MathNet.Numerics.Distributions;

namespace DriftGuard.Core.Statistics.Thresholds;

/// <summary>
/// A share among observations that come in groups, with exact bounds: Clopper and Pearson's (1934) for the effective sample size n / design
/// effect (Korn and Graubard 1998). Where each observation is a group of its own they are Clopper and Pearson's.
/// </summary>
/// <param name="Hits">Observations that count.</param>
/// <param name="Sample">All of them, at least 1.</param>
/// <param name="Share">Hits / sample, 0 to 1.</param>
/// <param name="DesignEffect">How much less a grouped observation says, at least 1.</param>
/// <param name="Lower">Lower end of the two-sided 95 % interval.</param>
/// <param name="Upper">Upper end of it.</param>
public sealed record ClusteredShare(int Hits, int Sample, double Share, double DesignEffect, double Lower, double Upper)
{
    /// <summary>Error of each of the two bounds.</summary>
    private const double Alpha = .025;

    /// <summary>The share of observations that count.</summary>
    /// <param name="hits">Whether each counts.</param>
    /// <param name="groups">The group of each.</param>
    /// <returns>Null without an observation.</returns>
    public static ClusteredShare? Of(IReadOnlyList<bool> hits, IReadOnlyList<int> groups)
    {
        if (hits.Count == 0)
            return null;
        var (count, n) = (hits.Count(hit => hit), hits.Count);
        var effect = groups.Distinct().Count() is var distinct && distinct == n ? 1
            : ClusteredDifferences.Estimated([.. hits.Select(hit => hit ? 1.0 : 0.0)], groups)?.DesignEffect ?? (double)n / distinct;
        var (x, m) = (count / effect, n / effect);
        return new(
            count, n, (double)count / n, effect,
            count == 0 ? 0 : Beta.InvCDF(x, m - x + 1, Alpha),
            count == n ? 1 : Beta.InvCDF(x + 1, m - x, 1 - Alpha));
    }

    /// <summary>How likely so many hits or more would be if the true share were no larger than one: one-sided p.</summary>
    /// <param name="share">Between 0 and 1.</param>
    public double PAbove(double share) => Hits == 0
        ? 1
        : Beta.CDF(Hits / DesignEffect, ((Sample - Hits) / DesignEffect) + 1, share);
}
