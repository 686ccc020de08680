namespace DriftGuard.Core.Statistics.Thresholds;

/// <summary>
/// Split conformal thresholds (Vovk, Gammerman and Shafer 2005; Lei et al. 2018): an order statistic of calibration scores, so that a new
/// exchangeable one lies on its wrong side with probability alpha at most, whatever the distribution. Ranks are computed in decimals: as
/// doubles, .29 * 100 lies below 29.
/// </summary>
public static class ConformalThreshold
{
    /// <summary>
    /// Bounds what is missed: the k-th smallest positive, k = floor(alpha (n + 1)). Scores from it on are accepted, so that a new positive is
    /// rejected with probability alpha at most. It says nothing of negatives.
    /// </summary>
    /// <param name="positives">Scores of positives, in any order.</param>
    /// <param name="alpha">Between 0 and 1.</param>
    /// <returns>k, and the cut; null where k is 0: too few positives, everything is accepted.</returns>
    public static (int Rank, Cut? Cut) OnPositives(IReadOnlyCollection<double> positives, decimal alpha)
    {
        Require(alpha);
        var rank = (int)Math.Floor(alpha * (positives.Count + 1));
        return (rank, rank == 0 ? null : new Cut(Smallest(positives, rank), CutRule.AtOrAbove));
    }

    /// <summary>
    /// Bounds what is wrongly accepted: the k-th smallest negative, k = ceil((1 - alpha)(n + 1)). Scores above it are accepted, so that a new
    /// negative is with probability alpha at most. It says nothing of positives.
    /// </summary>
    /// <param name="negatives">Scores of negatives, in any order.</param>
    /// <param name="alpha">Between 0 and 1.</param>
    /// <returns>k, and the cut; null where k is above n: <see cref="LeastNegatives"/> are needed.</returns>
    public static (int Rank, Cut? Cut) OnNegatives(IReadOnlyCollection<double> negatives, decimal alpha)
    {
        Require(alpha);
        var rank = (int)Math.Ceiling((1 - alpha) * (negatives.Count + 1));
        return (rank, rank > negatives.Count ? null : new Cut(Smallest(negatives, rank), CutRule.Above));
    }

    /// <summary>The fewest negatives that give a cut: 19 for .05.</summary>
    public static int LeastNegatives(decimal alpha)
    {
        Require(alpha);
        return (int)Math.Ceiling((1 / alpha) - 1);
    }

    private static double Smallest(IReadOnlyCollection<double> scores, int rank)
    {
        double[] ascending = [.. scores];
        Array.Sort(ascending);
        return double.IsNaN(ascending[0]) ? throw new ArgumentException("A score is not a number.", nameof(scores)) : ascending[rank - 1];
    }

    private static void Require(decimal alpha)
    {
        if (alpha is <= 0 or >= 1)
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "expected a number between 0 and 1");
    }
}
