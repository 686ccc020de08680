using DriftGuard.Core.Points;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>
/// Proves on a new collection that a write over a newer revision is left out: older servers ignore fields that they do not know, and
/// say OK. The point has the same id each time, so that one left by a
/// process that was cut off is taken away by the next.
/// </summary>
internal sealed class ConditionalWriteCanary(QdrantStore qdrant)
{
    private static readonly Revision Older = Revision.Of(0, 1);
    private static readonly Revision Newer = Revision.Of(0, 2);

    /// <summary>Writes a point, tries to overwrite it with an older revision, looks, and deletes it.</summary>
    /// <exception cref="OperatorException">The older write was applied: this Qdrant cannot be written to safely.</exception>
    public async Task ProveAsync(string collection, string vectorName, int dimensions, CancellationToken cancellation)
    {
        var id = PointId.FromText($"driftguard canary of {collection}");
        await WriteAsync(collection, id, vectorName, dimensions, Newer, cancellation);
        await WriteAsync(collection, id, vectorName, dimensions, Older, cancellation);
        var found = await qdrant.RetrieveAsync(collection, [id], ReadShape.Stamps, cancellation);
        await qdrant.DeleteAsync(collection, PointSelection.Of(id), cancellation);
        if (found is not [var point] || StampPayload.Read(point.Payload)?.Revision != Newer)
        {
            throw new OperatorException(OperatorError.Conflict,
                $"Qdrant at {qdrant.Address} does not honour conditional writes (update_filter), without which a late write could undo a newer one; "
                + $"DriftGuard needs Qdrant {QdrantServer.Oldest} or later on every peer");
        }
    }

    private async Task WriteAsync(string collection, PointId id, string vectorName, int dimensions, Revision revision, CancellationToken cancellation)
    {
        var vector = new float[dimensions];
        vector[0] = 1;
        var point = WireForms.NewPoint(id, vector, vectorName);
        StampPayload.Write(point.Payload, new Stamp("canary", "", "", "", revision));
        await qdrant.UpsertAsync(collection, [point], new() { UpdateFilter = StampFilters.OlderThan(revision), Repeatable = true }, cancellation);
    }
}
