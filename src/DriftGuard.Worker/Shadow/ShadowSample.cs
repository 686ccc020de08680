namespace DriftGuard.Worker.Shadow;

/// <summary>
/// Picks a share of queries, one as likely as another. By the order in which they come, not by what they ask: a query that is asked often counts
/// as often as it is asked. Thread-safe.
/// </summary>
/// <param name="share">The share, from 0 to 1.</param>
/// <param name="seed">Decides which.</param>
internal sealed class ShadowSample(double share, long seed)
{
    private long _count;

    /// <summary>Whether any is picked at all.</summary>
    public bool IsEmpty => share <= 0;

    /// <summary>Whether the next one is picked.</summary>
    public bool Picks() => Uniform(unchecked((ulong)seed + (ulong)Interlocked.Increment(ref _count))) < share;

    /// <summary>The next number of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), in [0, 1).</summary>
    private static double Uniform(ulong state)
    {
        unchecked
        {
            var z = state * 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return ((z ^ (z >> 31)) >> 11) * (1.0 / (1L << 53));
        }
    }
}
