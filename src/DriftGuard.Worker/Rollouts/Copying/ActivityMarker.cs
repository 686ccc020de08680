using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>
/// Tells whether something else writes to a collection: Qdrant numbers the operations of a shard, so the gap between two
/// markers (deletes of an id that does not exist) is the number of operations between them. With several shards a marker sees
/// one of them only, and then nothing is claimed.
/// </summary>
internal sealed class ActivityMarker(QdrantStore qdrant)
{
    /// <summary>Sets a marker; null where the collection has several shards.</summary>
    public async Task<ulong?> SetAsync(string collection, CancellationToken cancellation)
    {
        var state = await qdrant.FindCollectionAsync(collection, cancellation);
        return state?.Schema.ShardNumber is null or 1
            ? await qdrant.DeleteAsync(collection, PointSelection.Of(PointId.FromUuid(Guid.NewGuid())), cancellation)
            : null;
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
