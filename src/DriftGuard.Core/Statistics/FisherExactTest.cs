namespace DriftGuard.Core.Statistics;

/// <summary>
/// Fisher's exact test of two shares (1935): with the hits of both samples taken as given, how often would the first have as many as it has?
/// For independent observations only; queries of a day or a session are none.
/// </summary>
public static class FisherExactTest
{
    /// <summary>One-sided p for "the first share is not above the second".</summary>
    /// <param name="firstHits">Hits in the first sample.</param>
    /// <param name="first">Size of the first sample, at least 1.</param>
    /// <param name="secondHits">Hits in the second sample.</param>
    /// <param name="second">Size of the second sample, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A sample is empty, or has more hits than observations.</exception>
    public static double Greater(long firstHits, long first, long secondHits, long second)
    {
        Check(firstHits, first, nameof(firstHits));
        Check(secondHits, second, nameof(secondHits));
        return ShareBounds.UpperTail(firstHits, first, firstHits + secondHits, first + second);
    }

    private static void Check(long hits, long sample, string name)
    {
        if (sample < 1 || hits < 0 || hits > sample)
            throw new ArgumentOutOfRangeException(name, hits, $"expected 0 to {sample} hits in a sample of 1 or more");
    }
}
