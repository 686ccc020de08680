namespace DriftGuard.Core.Drift.Sampling;

/// <summary>
/// Every k-th of a population from a random start. In the order of ids, which is the order in which many corpora were written, it cannot miss a
/// block that is longer than k, and each member has the same chance.
/// </summary>
public static class SystematicSample
{
    /// <summary>The positions to look at, from 0, ascending and distinct; all of them where there are no more than asked for.</summary>
    /// <param name="population">Size of the population, at least 0.</param>
    /// <param name="size">Size of the sample, at least 1.</param>
    /// <param name="seed">Seed of the start.</param>
    /// <exception cref="ArgumentOutOfRangeException">The population is negative, or no sample is asked for.</exception>
    public static IReadOnlyList<long> Positions(long population, int size, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(population);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (population <= size)
            return [.. Enumerable.Range(0, (int)population).Select(position => (long)position)];

        // In whole numbers, since k is none: position i is floor((start + i * population) / size).
        var start = new Random(seed).NextInt64(population);
        return [.. Enumerable.Range(0, size).Select(i => (long)((start + ((Int128)i * population)) / size))];
    }
}
