namespace DriftGuard.Core.Statistics.Thresholds;

/// <summary>
/// Carries a threshold from one scale of scores to another by equal shares: t_new = Q_new(F_old(t_old)) on pairs that both models scored.
/// It keeps how many pairs are accepted, and knows nothing of which: a stopgap until the threshold is learned from labels.
/// </summary>
public static class QuantileMatching
{
    /// <summary>With fewer pairs the share that an old threshold accepts is too uncertain to be carried over.</summary>
    public const int LeastPairs = 200;

    /// <summary>With fewer pairs on one side of the old threshold it lies in a tail of which the pairs show too little.</summary>
    public const int LeastOnEachSide = 10;

    /// <summary>The cut that accepts as many of the new scores as the old one does of the old scores, by the same rule.</summary>
    /// <param name="old">Scores of the old model.</param>
    /// <param name="new">Scores of the new model for the same pairs.</param>
    /// <param name="cut">The old threshold.</param>
    /// <returns>Null where the old threshold accepts all pairs or none: its place among them is not known then.</returns>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public static Cut? Match(IReadOnlyList<double> old, IReadOnlyList<double> @new, Cut cut)
    {
        if (old.Count != @new.Count)
            throw new ArgumentException($"{old.Count} pairs have an old score and {@new.Count} a new one; each needs both.", nameof(@new));
        var rejected = old.Count(score => !cut.Accepts(score));
        if (rejected == 0 || rejected == old.Count)
            return null;
        double[] ascending = [.. @new];
        Array.Sort(ascending);

        // Above the last that is rejected, or from the first that is accepted on.
        return cut with { Value = ascending[cut.Rule == CutRule.Above ? rejected - 1 : rejected] };
    }
}
