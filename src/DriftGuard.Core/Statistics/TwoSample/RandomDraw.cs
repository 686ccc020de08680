namespace DriftGuard.Core.Statistics.TwoSample;

/// <summary>Random samples without replacement.</summary>
public static class RandomDraw
{
    /// <summary>So many of the items at random, in their order; all of them where there are no more.</summary>
    public static IReadOnlyList<T> Of<T>(IReadOnlyList<T> items, int most, Random random)
    {
        if (items.Count <= most)
            return items;
        var drawn = new List<T>(most);
        for (var i = 0; drawn.Count < most; i++)
        {
            // Each is taken with the share of what is still to be taken (Knuth, selection sampling).
            if (random.NextDouble() * (items.Count - i) < most - drawn.Count)
                drawn.Add(items[i]);
        }

        return drawn;
    }
}
