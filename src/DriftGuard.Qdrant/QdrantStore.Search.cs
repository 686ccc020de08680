using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant;

public sealed partial class QdrantStore
{
    /// <summary>How many queries one call of <see cref="SearchBatchAsync"/> carries.</summary>
    private const int QueriesPerCall = 64;

    /// <summary>The nearest points, best first; ties in no order.</summary>
    /// <exception cref="VectorException">The query vector is not finite or zero; nothing was sent.</exception>
    public async Task<IReadOnlyList<ScoredHit>> SearchAsync(string collection, NearestQuery query, CancellationToken cancellationToken = default)
    {
        var request = ToWire(collection, query);
        var reply = await ReadAsync("Search", collection, options => _points.QueryAsync(request, options), cancellationToken);
        return ToHits(reply.Result);
    }

    /// <summary>The nearest points of many queries, in their order, in as few calls as is sensible.</summary>
    /// <exception cref="VectorException">A query vector is not finite or zero; nothing was sent.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<ScoredHit>>> SearchBatchAsync(
        string collection, IReadOnlyList<NearestQuery> queries, CancellationToken cancellationToken = default)
    {
        var wire = new List<QueryPoints>(queries.Count);
        foreach (var query in queries)
            wire.Add(ToWire(collection, query));

        var results = new List<IReadOnlyList<ScoredHit>>(queries.Count);
        foreach (var chunk in wire.Chunk(QueriesPerCall))
        {
            var request = new QueryBatchPoints { CollectionName = collection };
            request.QueryPoints.AddRange(chunk);
            var reply = await ReadAsync("Search batch", collection, options => _points.QueryBatchAsync(request, options), cancellationToken);
            if (reply.Result.Count != chunk.Length)
            {
                throw new QdrantException(
                    $"Search batch on '{collection}' at {Address} answered {reply.Result.Count} results for {chunk.Length} queries: see Qdrant's log")
                {
                    Operation = "Search batch",
                    Collection = collection,
                };
            }
            foreach (var result in reply.Result)
                results.Add(ToHits(result.Result));
        }
        return results;
    }

    private static QueryPoints ToWire(string collection, NearestQuery query)
    {
        if (query.Limit < 1)
            throw new ArgumentException($"the limit of a search on '{collection}' is {query.Limit}: expected 1 or more", nameof(query));
        VectorChecks.Require(collection, id: null, query.VectorName, query.Vector.Span, expectation: null);
        var request = new QueryPoints
        {
            CollectionName = collection,
            Query = new Query { Nearest = new VectorInput { Dense = WireForms.NewDense(query.Vector.Span) } },
            Limit = (ulong)query.Limit,
            Filter = query.Filter,
            WithPayload = query.Payload.Wire,
            Params = new SearchParams { Exact = query.Exact },
        };
        if (query.HnswEf is { } ef)
            request.Params.HnswEf = ef;
        if (query.VectorName.Length > 0)
            request.Using = query.VectorName;
        return request;
    }

    private static ScoredHit[] ToHits(RepeatedField<ScoredPoint> points)
    {
        var hits = new ScoredHit[points.Count];
        for (var i = 0; i < hits.Length; i++)
            hits[i] = new ScoredHit(points[i].Id.ToPointId(), points[i].Score, points[i].Payload);
        return hits;
    }
}
