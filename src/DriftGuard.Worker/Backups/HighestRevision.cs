using DriftGuard.Core.Points;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;

namespace DriftGuard.Worker.Backups;

/// <summary>Finds the highest lease epoch that any point of any collection was written under.</summary>
internal static class HighestRevision
{
    /// <summary>Looks at every collection.</summary>
    /// <param name="qdrant">Asked with much patience: without an index of revisions it looks at each point, once a collection where nothing is found.</param>
    /// <param name="known">An epoch that is known to have been given out.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The highest epoch that was found, or <paramref name="known"/> where none is higher.</returns>
    public static async Task<long> EpochAsync(QdrantStore qdrant, long known, CancellationToken cancellation)
    {
        foreach (var collection in await qdrant.ListCollectionsAsync(cancellation))
        {
            while (known < Revision.MaxEpoch && await AboveAsync(qdrant, collection, (int)known, cancellation) is { } higher)
            {
                known = higher;
            }
        }

        return known;
    }

    private static async Task<int?> AboveAsync(QdrantStore qdrant, string collection, int epoch, CancellationToken cancellation)
    {
        var page = await qdrant.ScrollAsync(collection, PointId.First, 1, ReadShape.Stamps, StampFilters.NotOlderThan(Revision.Of(epoch + 1)), cancellation);
        return page.Points is [var point] ? StampPayload.Read(point.Payload)?.Revision.Epoch : null;
    }
}
