namespace DriftGuard.Core.Gate.MatchesOrBeats;

/// <summary>
/// The margin where none is set: the tightest of .02, .03 and .05 that the number of queries can be expected to settle. For an equal
/// candidate that takes 1,639, 728 and 262 queries in the median.
/// </summary>
public static class DefaultMargin
{
    /// <summary>.02 from 1,000 effective queries (n / design effect), otherwise .03 from 1,000 queries, otherwise .05.</summary>
    /// <param name="queries">n, the queries compared.</param>
    /// <param name="effectiveQueries">n / design effect.</param>
    public static double For(int queries, double effectiveQueries)
    {
        if (effectiveQueries >= 1000)
            return .02;
        return queries >= 1000 ? .03 : .05;
    }
}
