using DriftGuard.Qdrant.Embedded.Collections;
using DriftGuard.Qdrant.Embedded.Filters;
using DriftGuard.Qdrant.Embedded.Payloads;
using DriftGuard.Qdrant.Embedded.Points;
using DriftGuard.Qdrant.Embedded.Search;
using DriftGuard.Qdrant.Embedded.Wire;
using Qdrant.Client.Grpc;
using QueryCase = Qdrant.Client.Grpc.Query.VariantOneofCase;
using VectorCase = Qdrant.Client.Grpc.VectorInput.VariantOneofCase;

namespace DriftGuard.Qdrant.Embedded.Reads;

/// <summary>Nearest neighbours of a vector or of a stored point, always exact; and a query without either, which pages by id.</summary>
internal static class Querying
{
    private const ulong DefaultLimit = 10;
    private const int ResultField = 1;

    /// <summary>Refuses what the server does not do or what is malformed, before any collection is looked at.</summary>
    public static void Check(QueryPoints request)
    {
        if (request is { HasLimit: true, Limit: 0 }) throw Refusal.Validation("limit", "value 0 invalid, must be 1 or larger");
        if (request is { HasTimeout: true, Timeout: 0 }) throw Refusal.Validation("timeout", "value 0 invalid, must be 1 or larger");
        if (request.Prefetch.Count > 0) throw Refusal.Unsupported("prefetch queries");
        if (request.LookupFrom is not null) throw Refusal.Unsupported("lookup_from");
        UpsertRequest.RefuseShardKeys(request.ShardKeySelector);
        if (request.Query is not { } query) return;
        if (query.VariantCase is not QueryCase.Nearest) throw Refusal.Unsupported($"queries of the variant {query.VariantCase}");
        if (query.Nearest.VariantCase is not (VectorCase.Dense or VectorCase.Id))
            throw Refusal.Unsupported($"nearest-neighbour queries by {query.Nearest.VariantCase}");
    }

    public static void Write(Collection collection, QueryPoints request, WireWriter output)
    {
        var limit = request.HasLimit ? request.Limit : DefaultLimit;
        collection.Limits.CheckSearch(request.Params);
        collection.Limits.CheckRead(request.Filter, limit, request.HasTimeout ? request.Timeout : null);
        var filter = FilterCondition.Of(request.Filter);
        var payload = PayloadProjection.Of(request.WithPayload, enabledByDefault: false);
        collection.Read(points =>
        {
            var writer = new PointWriter(points, payload, VectorProjection.Of(request.WithVectors, points), output);
            if (request.Query is { } query) WriteNearest(points, request, query.Nearest, filter, limit, writer);
            else WriteById(points, request.Offset, filter, limit, writer);
            return limit;
        });
    }

    private static void WriteById(PointStore points, ulong offset, FilterCondition? filter, ulong limit, PointWriter writer)
    {
        const float noScore = 1; // what Qdrant reports where nothing was scored
        ulong seen = 0;
        Scrolling.ById(points, from: null, filter, Sum(offset, limit), slot =>
        {
            if (seen++ >= offset) writer.Scored(ResultField, slot, noScore);
        });
    }

    private static void WriteNearest(
        PointStore points, QueryPoints request, VectorInput nearest, FilterCondition? filter, ulong limit, PointWriter writer)
    {
        var space = points.SpaceOrRefuse(request.HasUsing ? request.Using : "");
        var vector = QueryVector(points, space, nearest, out var itself);
        var most = (int)Math.Min(Sum(request.Offset, limit), (ulong)points.Count);
        var hits = Search(points, space, vector, most, request.HasScoreThreshold ? request.ScoreThreshold : null, filter, itself);
        for (var i = (int)Math.Min(request.Offset, (ulong)hits.Length); i < hits.Length; i++)
            writer.Scored(ResultField, hits[i].Slot, space.Distance.Score(hits[i].Nearness));
    }

    private static Hit[] Search(
        PointStore points, VectorSpace space, float[] vector, int most, float? threshold, FilterCondition? filter, int? itself)
    {
        if (CandidateSlots.Required(points, filter) is { } slots)
            return space.Arena.SearchAmong(slots, vector, space.Distance, most, threshold, new QueryFilter(points, filter, itself));
        var filters = filter is null && itself is null ? null : new Func<ISlotFilter>(() => new QueryFilter(points, filter, itself));
        return space.Arena.Search(vector, space.Distance, most, threshold, filters, Environment.ProcessorCount);
    }

    /// <summary>The vector to search with, as stored; and the slot of the point that gave it, which is no answer to itself.</summary>
    private static float[] QueryVector(PointStore points, VectorSpace space, VectorInput nearest, out int? itself)
    {
        itself = null;
        if (nearest.VariantCase == VectorCase.Dense)
        {
            space.CheckSize(nearest.Dense.Data.Count);
            float[] vector = [.. nearest.Dense.Data];
            space.Distance.Prepare(vector);
            return vector;
        }

        var id = PointKey.Of(nearest.Id);
        if (!points.TryGetSlot(id, out var slot)) throw Refusal.NoPoint(id.ToString());
        if (!space.Arena.Has(slot)) throw Refusal.WrongInput($"Point {id} has no vector '{space.Name}' to search with");
        itself = slot;
        return space.Arena[slot].ToArray();
    }

    private static ulong Sum(ulong offset, ulong limit) => offset > ulong.MaxValue - limit ? ulong.MaxValue : offset + limit;

    private sealed class QueryFilter(PointStore points, FilterCondition? filter, int? itself) : ISlotFilter
    {
        private readonly StoredPointTarget _target = new(points);

        public bool Accepts(int slot) => slot != itself && (filter?.Matches(_target.At(slot)) ?? true);
    }
}
