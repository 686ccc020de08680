using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Statistics;

namespace DriftGuard.Core.Calibration.Power;

/// <summary>How much a metric's differences between two models scatter over queries.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Variance">Variance of one query's difference.</param>
/// <param name="DesignEffect">How much wider groups make it, at least 1.</param>
public sealed record DifferenceSpread(string Metric, double Variance, double DesignEffect)
{
    // The rule of matches or beats adds two observations, one +1 and one -1.
    private const double PseudoObservations = 2;

    /// <summary>From a comparison; null where it has too few queries or groups to tell.</summary>
    public static DifferenceSpread? Of(string metric, MatchesOrBeatsResult result)
    {
        if (result is not { StandardError: { } error, EffectiveQueries: { } effective, DesignEffect: { } designEffect, Estimate: { } estimate } || !(effective > 0))
            return null;
        var total = effective + PseudoObservations;
        var secondMoment = ((((error * error * total) + (estimate * estimate)) * total) - PseudoObservations) / effective;
        var variance = secondMoment - (result.MeanDifference * result.MeanDifference);
        return double.IsFinite(variance) ? new(metric, Math.Max(0, variance), designEffect) : null;
    }

    /// <summary>Queries that settle a margin for an equal candidate in four cases of five: n = (2.487 / margin)^2 * v * design effect, with the rule's own v at that n.</summary>
    public int QueriesNeeded(double margin, double alpha = .05)
    {
        // v = (e * variance + 2) / (e + 2) at e = n / design effect, which makes it a quadratic equation in e.
        var c = Math.Pow(SampleSize.Reach(alpha) / margin, 2);
        var b = (c * Variance) - PseudoObservations;
        var effective = (b + Math.Sqrt((b * b) + (4 * PseudoObservations * c))) / 2;
        return (int)Math.Min(int.MaxValue, Math.Ceiling(effective * DesignEffect));
    }

    /// <summary>The margin that some queries settle for an equal candidate in four cases of five; null where there is none.</summary>
    public double? AttainableMargin(int queries, double alpha = .05)
    {
        if (queries < 1)
            return null;
        var effective = queries / DesignEffect;
        var variance = ((effective * Variance) + PseudoObservations) / (effective + PseudoObservations);
        return SampleSize.Reach(alpha) * Math.Sqrt(variance / effective);
    }

    /// <summary>The loss that a slice's test finds in four cases of five; null where it has no queries.</summary>
    public double? DetectableHarm(int queries, double alpha) =>
        queries < 1 ? null : SampleSize.Reach(alpha) * Math.Sqrt(Variance * DesignEffect / queries);
}
