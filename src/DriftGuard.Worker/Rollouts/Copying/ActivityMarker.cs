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

    /// <summary>Operations by others since a marker; null if it cannot be known.</summary>
    public async Task<ulong?> ForeignSinceAsync(string collection, ulong? marker, CancellationToken cancellation) =>
        marker is { } since && await SetAsync(collection, cancellation) is { } now && now > since ? now - since - 1 : null;
}
