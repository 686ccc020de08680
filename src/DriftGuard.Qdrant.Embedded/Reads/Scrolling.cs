using DriftGuard.Qdrant.Embedded.Collections;
using DriftGuard.Qdrant.Embedded.Filters;
using DriftGuard.Qdrant.Embedded.Payloads;
using DriftGuard.Qdrant.Embedded.Points;
using DriftGuard.Qdrant.Embedded.Wire;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Reads;

/// <summary>Pages through points in id order, or in the order of a payload field.</summary>
internal static class Scrolling
{
    private const uint DefaultLimit = 10;
    private const int NextPageField = 1;
    private const int ResultField = 2;

    public static void Write(Collection collection, ScrollPoints request, WireWriter output)
    {
        var limit = request.HasLimit ? request.Limit : DefaultLimit;
        if (limit == 0) throw Refusal.Validation("limit", "value 0 invalid, must be 1 or larger");
        collection.Limits.CheckRead(request.Filter, limit, request.HasTimeout ? request.Timeout : null);
        var from = request.Offset is null ? default(PointKey?) : PointKey.Of(request.Offset);
        var filter = FilterCondition.Of(request.Filter);
        var payload = PayloadProjection.Of(request.WithPayload, enabledByDefault: true);
        var order = request.OrderBy is null ? null : PayloadOrder.Of(request.OrderBy, collection.Stored, offset: from);
        collection.Read(points =>
        {
            var writer = new PointWriter(points, payload, VectorProjection.Of(request.WithVectors, points), output);
            if (order is null)
            {
                if (ById(points, from, filter, limit, slot => writer.Retrieved(ResultField, slot)) is { } next)
                    PointWriter.WriteId(output, NextPageField, next);
            }
            else
            {
                foreach (var (slot, value) in order.Take(points, filter, (int)Math.Min(limit, int.MaxValue))) writer.Retrieved(ResultField, slot, value);
            }

            return limit;
        });
    }

    /// <summary>Visits up to so many matching slots in id order; returns the id that the next page starts at, or null at the end.</summary>
    public static PointKey? ById(PointStore points, PointKey? from, FilterCondition? filter, ulong limit, Action<int> visit)
    {
        var target = new StoredPointTarget(points);
        PointKey? next = null;
        ulong taken = 0;
        points.Walk(from, (id, slot) =>
        {
            if (!(filter?.Matches(target.At(slot)) ?? true)) return true;
            if (taken == limit)
            {
                next = id;
                return false;
            }

            taken++;
            visit(slot);
            return true;
        });
        return next;
    }
}
