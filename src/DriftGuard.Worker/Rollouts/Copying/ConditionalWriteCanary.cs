using DriftGuard.Core.Points;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>
/// Proves on a new collection which conditions of writes are honoured: older servers ignore fields that they do not know, and say OK. The
/// points have the same ids each time, so that those left by a process that was cut off are taken away by the next.
/// </summary>
internal sealed class ConditionalWriteCanary(QdrantStore qdrant)
{
    private static readonly Revision Older = Revision.Of(0, 1);
    private static readonly Revision Newer = Revision.Of(0, 2);

    /// <summary>Writes a point, tries to overwrite it with an older revision and to update one that is not there, looks, and deletes them.</summary>
    /// <returns>Whether <c>update_mode</c> is honoured (1.17 and later).</returns>
    /// <exception cref="OperatorException">The older write was applied: this Qdrant cannot be written to safely.</exception>
    public async Task<bool> ProveAsync(string collection, string vectorName, int dimensions, CancellationToken cancellation)
    {
        var (there, missing) = (PointId.FromText($"driftguard canary of {collection}"), PointId.FromText($"driftguard ghost of {collection}"));
        await qdrant.DeleteAsync(collection, PointSelection.Of(missing), cancellation);
        await WriteAsync(there, Newer, UpdateMode.Upsert);
        await WriteAsync(there, Older, UpdateMode.Upsert);
        await WriteAsync(missing, Older, UpdateMode.UpdateOnly);
        var found = await qdrant.RetrieveAsync(collection, [there, missing], ReadShape.Stamps, cancellation);
        await qdrant.DeleteAsync(collection, PointSelection.Of(there, missing), cancellation);
        if (found.FirstOrDefault(point => WireForms.IdOf(point) == there) is not { } kept || StampPayload.Read(kept.Payload)?.Revision != Newer)
        {
            throw new OperatorException(OperatorError.Conflict,
                $"Qdrant at {qdrant.Address} does not honour conditional writes (update_filter), without which a late write could undo a newer one; "
                + $"DriftGuard needs Qdrant {QdrantServer.Oldest} or later on every peer");
        }

        return found.Count == 1;

        Task WriteAsync(PointId id, Revision revision, UpdateMode mode)
        {
            var vector = new float[dimensions];
            vector[0] = 1;
            var point = WireForms.NewPoint(id, vector, vectorName);
            StampPayload.Write(point.Payload, new Stamp("canary", "", "", "", revision));
            return qdrant.UpsertAsync(collection, [point], new() { UpdateFilter = StampFilters.OlderThan(revision), Mode = mode, Repeatable = true }, cancellation);
        }
    }
}
