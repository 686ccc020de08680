using DriftGuard.Core.Statistics;

namespace DriftGuard.Core.Drift.Sampling;

/// <summary>How the mismatches of one group compare with those of all other points.</summary>
/// <param name="Key">What groups are formed by, e.g. <c>stamp</c>.</param>
/// <param name="Value">Which group it is.</param>
/// <param name="Mismatches">Mismatches in the group.</param>
/// <param name="Size">Points of the sample in the group.</param>
/// <param name="P">One-sided p for "the group's share is not above the others'".</param>
/// <param name="AdjustedP">The same by Holm, over all groups that were tested.</param>
public sealed record GroupShare(string Key, string Value, long Mismatches, long Size, double P, double AdjustedP)
{
    /// <summary>Mismatches / size, 0 to 1.</summary>
    public double Share => (double)Mismatches / Size;
}

/// <summary>Do mismatches sit in certain groups: one stamp, one month of writing?</summary>
public static class GroupShares
{
    /// <summary>Smaller groups are not tested: they could hardly show anything, and would cost the others.</summary>
    public const int SmallestGroup = 5;

    /// <summary>
    /// Fisher's test of each group against all other points, corrected by Holm. A group that every point belongs to has nothing to be
    /// compared with.
    /// </summary>
    /// <returns>By adjusted p, then by share, the largest first; empty where no group can be tested.</returns>
    public static IReadOnlyList<GroupShare> Compare(IReadOnlyList<SampledPoint> points)
    {
        var all = points.Count(point => point.IsMismatch);
        var tested = points
            .SelectMany(point => point.Groups, (point, group) => (group.Key, group.Value, point.IsMismatch))
            .GroupBy(member => (member.Key, member.Value))
            .Select(group => (group.Key, Size: group.Count(), Mismatches: group.Count(member => member.IsMismatch)))
            .Where(group => group.Size >= SmallestGroup && group.Size < points.Count)
            .Select(group => (group.Key, group.Size, group.Mismatches,
                P: FisherExactTest.Greater(group.Mismatches, group.Size, all - group.Mismatches, points.Count - group.Size)))
            .ToList();
        var adjusted = MultipleTesting.Holm([.. tested.Select(group => group.P)]);
        return [.. tested.Zip(adjusted, (group, p) => new GroupShare(group.Key.Key, group.Key.Value, group.Mismatches, group.Size, group.P, p))
            .OrderBy(group => group.AdjustedP).ThenByDescending(group => group.Share)
            .ThenBy(group => group.Key, StringComparer.Ordinal).ThenBy(group => group.Value, StringComparer.Ordinal)];
    }
}
