using DriftGuard.Core.Embedding;
using DriftGuard.Qdrant;

namespace DriftGuard.Worker.Drift.Queries;

/// <summary>How near the nearest document of a query is.</summary>
internal sealed class QueryScores(QdrantStore qdrant)
{
    /// <summary>The best score of each query; higher is nearer, so that distances are negated. Null where nothing, or no number, is found.</summary>
    public async Task<IReadOnlyList<double?>> BestAsync(string collection, string vectorName, ModelSpec spec, IReadOnlyList<float[]> vectors, CancellationToken cancellation)
    {
        var found = await qdrant.SearchBatchAsync(collection, [.. vectors.Select(vector => new NearestQuery(vector) { VectorName = vectorName, Limit = 1 })], cancellation);
        var nearerIsLess = spec.Distance.IsNearerWhenLess();
        return [.. found.Select(hits => hits.Count == 0 || !float.IsFinite(hits[0].Score) ? (double?)null : nearerIsLess ? -hits[0].Score : hits[0].Score)];
    }
}
