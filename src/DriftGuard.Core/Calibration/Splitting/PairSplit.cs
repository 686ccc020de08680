using DriftGuard.Core.Calibration.Thresholds;

namespace DriftGuard.Core.Calibration.Splitting;

/// <summary>How a set's labelled pairs are divided into two.</summary>
public static class PairSplit
{
    /// <summary>
    /// Draws the pairs of the first half. Pairs that share a text, or hang together by others (<see cref="PairGroups"/>), go to the same
    /// half: a threshold that was chosen on a text would else be judged on it. Where all hang together, one half has none.
    /// </summary>
    /// <param name="pairs">The pairs, in file order.</param>
    /// <param name="share">Share of the pairs that go to the first half, in (0, 1).</param>
    /// <param name="seed">Seed of the order of groups.</param>
    /// <returns>Their positions, from 0.</returns>
    public static IReadOnlySet<int> First(IReadOnlyList<LabelledPair> pairs, double share, int seed)
    {
        var groups = PairGroups.Of(pairs).Index().GroupBy(pair => pair.Item, pair => pair.Index).Select(group => group.ToArray()).ToArray();
        new Random(seed).Shuffle(groups);
        var (first, owed) = (new HashSet<int>(), 0.0);
        foreach (var group in groups.OrderByDescending(group => group.Length))
        {
            owed += share * group.Length;
            if (owed < group.Length / 2.0)
                continue;
            owed -= group.Length;
            first.UnionWith(group);
        }

        return first;
    }
}
