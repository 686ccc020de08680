using DriftGuard.Qdrant.Embedded.Collections;
using DriftGuard.Qdrant.Embedded.Payloads;
using DriftGuard.Qdrant.Embedded.Points;
using DriftGuard.Qdrant.Embedded.Wire;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Reads;

/// <summary>Points by id, in the order asked; those that are not there are left out, and a repeated id counts once.</summary>
internal static class Retrieval
{
    private const int ResultField = 1;

    public static void Write(Collection collection, GetPoints request, WireWriter output)
    {
        collection.Limits.CheckRead(filter: null, limit: null, request.HasTimeout ? request.Timeout : null);
        var ids = request.Ids.Select(PointKey.Of).Distinct().ToArray();
        var payload = PayloadProjection.Of(request.WithPayload, enabledByDefault: false);
        collection.Read(points =>
        {
            var writer = new PointWriter(points, payload, VectorProjection.Of(request.WithVectors, points), output);
            foreach (var id in ids)
                if (points.TryGetSlot(id, out var slot)) writer.Retrieved(ResultField, slot);
            return ids.Length;
        });
    }
}
