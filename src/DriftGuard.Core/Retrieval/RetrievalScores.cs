namespace DriftGuard.Core.Retrieval;

/// <summary>One metric of one run.</summary>
/// <param name="Metric">What was measured.</param>
/// <param name="QueryIds">The queries, in the order of the judgements.</param>
/// <param name="Values">One value in [0, 1] for each of <paramref name="QueryIds"/>: the pairs of a comparison.</param>
public sealed record RetrievalScores(RetrievalMetric Metric, IReadOnlyList<string> QueryIds, IReadOnlyList<double> Values)
{
    /// <summary>The mean over the queries; null where there is none, so that "nothing measured" never reads as 0.</summary>
    public double? Mean => Values.Count == 0 ? null : Values.Sum() / Values.Count;
}
