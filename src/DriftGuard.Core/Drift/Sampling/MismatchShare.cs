using DriftGuard.Core.Statistics;

namespace DriftGuard.Core.Drift.Sampling;

/// <summary>
/// The share of a collection's points that do not match the model, from a sample: exact one-sided bounds, each wrong with the probability
/// in its name (Clopper and Pearson 1934; hypergeometric where the sample is more than 5 % of the collection).
/// </summary>
public sealed record MismatchShare
{
    /// <summary>A share up to this is not called drift: some texts are edited without their vector in any collection.</summary>
    public const double Negligible = .001;

    /// <summary>Points looked at, at least 1.</summary>
    public required long Sample { get; init; }

    /// <summary>Points of the sample that mismatch.</summary>
    public required long Mismatches { get; init; }

    /// <summary>Points of the collection.</summary>
    public required long Population { get; init; }

    /// <summary>Mismatches / sample, 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>The true share is above this but for 5 %.</summary>
    public required double Lower95 { get; init; }

    /// <summary>The true share is above this but for 1 %.</summary>
    public required double Lower99 { get; init; }

    /// <summary>The true share is below this but for 5 %.</summary>
    public required double Upper95 { get; init; }

    /// <summary>Whether there is any mismatch.</summary>
    public bool IsSuspicious => Mismatches > 0;

    /// <summary>Whether more than <see cref="Negligible"/> of the collection mismatches, but for 1 %.</summary>
    public bool IsBeyondNegligible => Lower99 > Negligible;

    /// <summary>From one sample without replacement.</summary>
    /// <param name="mismatches">Mismatches in the sample.</param>
    /// <param name="sample">Size of the sample, at least 1.</param>
    /// <param name="population">Size of the collection, at least that of the sample.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are more mismatches than points, or more points than the collection has.</exception>
    public static MismatchShare Of(long mismatches, long sample, long population) => new()
    {
        Sample = sample,
        Mismatches = mismatches,
        Population = population,
        Share = (double)mismatches / sample,
        Lower95 = ShareBounds.Lower(mismatches, sample, population, .05),
        Lower99 = ShareBounds.Lower(mismatches, sample, population, .01),
        Upper95 = ShareBounds.Upper(mismatches, sample, population, .05),
    };

    /// <summary>
    /// Pools this sample with a fresh one of the same collection. Two samples may have points in common, so that the bounds are those
    /// for an endless population, which err to the safe side.
    /// </summary>
    /// <param name="fresh">A sample drawn with another seed; its population is kept.</param>
    public MismatchShare Plus(MismatchShare fresh)
    {
        var (mismatches, sample) = (Mismatches + fresh.Mismatches, Sample + fresh.Sample);
        return new()
        {
            Sample = sample,
            Mismatches = mismatches,
            Population = fresh.Population,
            Share = (double)mismatches / sample,
            Lower95 = ShareBounds.Lower(mismatches, sample, .05),
            Lower99 = ShareBounds.Lower(mismatches, sample, .01),
            Upper95 = ShareBounds.Upper(mismatches, sample, .05),
        };
    }
}
