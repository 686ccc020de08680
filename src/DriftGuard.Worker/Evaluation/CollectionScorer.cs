using DriftGuard.Core.Calibration;
using DriftGuard.Core.Embedding;
using DriftGuard.Core.Retrieval;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Evaluation;

/// <summary>What a calibration set's queries found in one collection.</summary>
/// <param name="Approximate">Document ids for each query, best first, as users' searches find them.</param>
/// <param name="Exact">The same by comparing with every point.</param>
/// <param name="Milliseconds">Duration of single searches, one after another, sorted ascending.</param>
/// <param name="Unembeddable">Queries that could not be embedded; they found nothing.</param>
internal sealed record SearchedSet(
    IReadOnlyList<IReadOnlyList<string>> Approximate,
    IReadOnlyList<IReadOnlyList<string>> Exact,
    IReadOnlyList<double> Milliseconds,
    int Unembeddable)
{
    /// <summary>Mean share of exact search's first <paramref name="depth"/> that approximate search returns, and the queries that it is over: those that exact search answers.</summary>
    public (double Recall, int Queries) AnnRecall(int depth)
    {
        var shares = new List<double>();
        for (var i = 0; i < Exact.Count; i++)
        {
            var exact = Exact[i].Take(depth).ToHashSet(StringComparer.Ordinal);
            if (exact.Count > 0)
            {
                shares.Add(Approximate[i].Take(depth).Count(exact.Contains) / (double)exact.Count);
            }
        }

        return (shares.Count == 0 ? 0 : shares.Average(), shares.Count);
    }

    public double P95 => Milliseconds.Count == 0 ? 0 : Milliseconds[(int)Math.Ceiling(.95 * Milliseconds.Count) - 1];
}

/// <summary>Embeds a calibration set's queries with a collection's own model and searches it, as users do and exactly.</summary>
internal sealed class CollectionScorer(QdrantStore qdrant, TimeProvider time)
{
    /// <summary>Searches that are timed one by one.</summary>
    private const int Timed = 100;

    /// <summary>Results asked for where a metric looks at the whole ranking.</summary>
    private const int DepthOfWholeRanking = 100;

    /// <summary>How many results the metrics need.</summary>
    public static int DepthOf(IReadOnlyList<RetrievalMetric> metrics) => metrics.Max(m => m.Depth ?? DepthOfWholeRanking);

    /// <summary>Searches as users do, exactly, and some queries one by one against the clock.</summary>
    public async Task<SearchedSet> SearchAsync(
        string collection, string vector, ITextEmbedder model, CalibrationSet set, int depth, CancellationToken cancellation)
    {
        var (asked, ids, queries) = await QueriesAsync(vector, model, set, depth, cancellation);
        var approximate = await FindAsync(collection, model.Spec.Distance, set, asked, ids, queries, cancellation);
        var exact = await FindAsync(collection, model.Spec.Distance, set, asked, ids, queries.ConvertAll(q => q with { Exact = true }), cancellation);
        return new(approximate, exact, await TimeAsync(collection, queries, cancellation), set.Queries.Count - asked.Count);
    }

    /// <summary>Searches as users do, and no more: document ids for each query, best first.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<string>>> SearchAsUsersAsync(
        string collection, string vector, ITextEmbedder model, CalibrationSet set, int depth, CancellationToken cancellation)
    {
        var (asked, ids, queries) = await QueriesAsync(vector, model, set, depth, cancellation);
        return await FindAsync(collection, model.Spec.Distance, set, asked, ids, queries, cancellation);
    }

    /// <summary>Searches as users do by vectors that are there already, one a query; null where there is none, which finds nothing.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<string>>> SearchAsUsersAsync(
        string collection, string vector, VectorDistance distance, IReadOnlyList<float[]?> vectors, CalibrationSet set, int depth, CancellationToken cancellation)
    {
        var (asked, ids, queries) = Queries(vector, vectors, set, depth);
        return await FindAsync(collection, distance, set, asked, ids, queries, cancellation);
    }

    private static async Task<(List<int> Asked, DocumentIds Ids, List<NearestQuery> Queries)> QueriesAsync(
        string vector, ITextEmbedder model, CalibrationSet set, int depth, CancellationToken cancellation)
    {
        var outcomes = await model.EmbedAsync([.. set.Queries.Select(q => q.Text)], InputKind.Query, cancellation);
        return Queries(vector, [.. outcomes.Select(outcome => outcome.Vector)], set, depth);
    }

    /// <summary>The queries that have a vector: their positions in the set, and what is asked.</summary>
    private static (List<int> Asked, DocumentIds Ids, List<NearestQuery> Queries) Queries(string vector, IReadOnlyList<float[]?> vectors, CalibrationSet set, int depth)
    {
        var ids = new DocumentIds(set);
        var asked = Enumerable.Range(0, vectors.Count).Where(i => vectors[i] is not null).ToList();
        return (asked, ids, asked.ConvertAll(i => new NearestQuery(vectors[i]) { VectorName = vector, Limit = depth, Payload = ids.Payload }));
    }

    private async Task<IReadOnlyList<IReadOnlyList<string>>> FindAsync(
        string collection, VectorDistance distance, CalibrationSet set, List<int> asked, DocumentIds ids, List<NearestQuery> queries, CancellationToken cancellation)
    {
        var nearerIsLess = distance.IsNearerWhenLess();
        var found = await qdrant.SearchBatchAsync(collection, queries, cancellation);
        var all = Enumerable.Repeat<IReadOnlyList<string>>([], set.Queries.Count).ToArray();
        for (var i = 0; i < found.Count; i++)
        {
            all[asked[i]] = Rank(found[i], ids, nearerIsLess);
        }

        return all;
    }

    /// <summary>
    /// Best first, ties in an order that does not depend on the server; a document found by several points counts once. A vector with
    /// NaN in it has a score that is no number, and comes last.
    /// </summary>
    private static IReadOnlyList<string> Rank(IReadOnlyList<ScoredHit> hits, DocumentIds ids, bool nearerIsLess)
    {
        var best = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var hit in hits)
        {
            var (id, score) = (ids.Of(hit.Id, hit.Payload), float.IsNaN(hit.Score) ? double.NegativeInfinity : nearerIsLess ? -(double)hit.Score : hit.Score);
            best[id] = best.TryGetValue(id, out var before) ? Math.Max(before, score) : score;
        }

        return RankedList.FromScores(best);
    }

    private async Task<IReadOnlyList<double>> TimeAsync(string collection, List<NearestQuery> queries, CancellationToken cancellation)
    {
        var step = Math.Max(1, queries.Count / Timed);
        var durations = new List<double>();
        for (var i = 0; i < queries.Count; i += step)
        {
            var begin = time.GetTimestamp();
            await qdrant.SearchAsync(collection, queries[i], cancellation);
            durations.Add(time.GetElapsedTime(begin).TotalMilliseconds);
        }

        durations.Sort();
        return durations;
    }
}
