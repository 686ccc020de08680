using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>
/// Tells whether something else writes to a collection: Qdrant numbers the operations of a shard, so the gap between two
/// markers (deletes of an id that does not exist) is the number of operations between them. Its answer comes after all that reached
/// the shard before it was applied. With several shards it is a delete by filter, which goes to each of them; the number that it answers is
/// one shard's, and nothing is claimed from it.
/// </summary>
internal sealed class ActivityMarker(QdrantStore qdrant)
{
    /// <summary>Sets a marker; null where the collection is gone or has several shards.</summary>
    public async Task<ulong?> SetAsync(string collection, CancellationToken cancellation)
    {
        var state = await qdrant.FindCollectionAsync(collection, cancellation);
        var nobody = PointId.FromUuid(Guid.NewGuid());
        switch (state)
        {
            case null:
                return null;
            case { Schema.ShardNumber: null or 1 }:
                return await qdrant.DeleteAsync(collection, PointSelection.Of(nobody), cancellation);
            default:
                await qdrant.DeleteAsync(collection, PointSelection.Where(StampFilters.Ids(nobody)), cancellation);
                return null;
        }
    }

    /// <summary>Sets a marker in a collection that a fence may be around: where strict mode holds writes, it would be refused.</summary>
    public async Task<ulong?> SetAsync(string collection, WriteFence? fence, CancellationToken cancellation) =>
        fence is { Kind: FenceKind.StrictMode } ? null : await SetAsync(collection, cancellation);

    /// <summary>Operations by others between two markers; null if it cannot be known.</summary>
    public static ulong? Foreign(ulong? earlier, ulong? later) => earlier is { } since && later is { } now && now > since ? now - since - 1 : null;

    /// <summary>Operations by others since a marker; null if it cannot be known.</summary>
    public async Task<ulong?> ForeignSinceAsync(string collection, ulong? marker, CancellationToken cancellation) =>
        marker is null ? null : Foreign(marker, await SetAsync(collection, cancellation));
}
