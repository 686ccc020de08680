namespace DriftGuard.Core.Retrieval;

/// <summary>What a judged query without a result list counts.</summary>
public enum MissingQueries
{
    /// <summary>0, in the values and in the mean: trec_eval's <c>-c</c>. A search that fails must not raise the mean.</summary>
    CountAsZero,

    /// <summary>Nothing: trec_eval's default. For comparing with published figures.</summary>
    LeaveOut,
}

/// <summary>Scores whole runs against judgements.</summary>
public static class RetrievalMetrics
{
    /// <summary>Evaluates a run: per query, and the mean.</summary>
    /// <param name="qrels">The judgements. Their order of queries is the order of the values.</param>
    /// <param name="run">Query id to document ids, best first (<see cref="RankedList"/>). Queries without judgements are ignored; a query with an empty list counts 0.</param>
    /// <param name="metrics">The metrics to compute; each ranking is judged once for all of them.</param>
    /// <param name="missing">What a judged query that is not in the run counts.</param>
    /// <returns>One entry a metric, in the order asked.</returns>
    /// <exception cref="ArgumentException">A ranking names a document twice.</exception>
    public static IReadOnlyList<RetrievalScores> Evaluate(
        Qrels qrels,
        IReadOnlyDictionary<string, IReadOnlyList<string>> run,
        IReadOnlyList<RetrievalMetric> metrics,
        MissingQueries missing = MissingQueries.CountAsZero)
    {
        var queryIds = missing == MissingQueries.CountAsZero ? qrels.QueryIds : [.. qrels.QueryIds.Where(run.ContainsKey)];
        var values = metrics.Select(_ => new double[queryIds.Count]).ToArray();
        for (var query = 0; query < queryIds.Count; query++)
        {
            if (!run.TryGetValue(queryIds[query], out var ranked))
                continue;
            var judged = JudgedRanking.Judge(ranked, qrels[queryIds[query]]);
            for (var metric = 0; metric < values.Length; metric++)
                values[metric][query] = metrics[metric].Evaluate(judged);
        }

        return [.. metrics.Select((metric, i) => new RetrievalScores(metric, queryIds, values[i]))];
    }
}
