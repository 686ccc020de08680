using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Rollouts.Cluster;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Rollouts;

/// <summary>
/// Ready means, as every peer sees it: green twice in a row, optimiser ok, an indexing threshold in force, no update queued, all replicas active, and at most
/// a threshold's worth of points a segment left unindexed. Green alone says nothing where indexing is off.
/// </summary>
internal sealed class IndexReadinessReader(QdrantStore qdrant, PeerReader peers)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    // It is looked at several times a second, under the fence too, and who does not tell the peers may take seconds not to.
    private static readonly TimeSpan PeersAsOf = TimeSpan.FromMinutes(5);

    /// <summary>Asks the peer that is talked to, alone.</summary>
    public Task<IndexReadiness> ReadHereAsync(string collection, CancellationToken cancellation) => LookTwiceAsync(qdrant, collection, cancellation);

    /// <summary>Asks all peers; of what is not ready the first is told.</summary>
    public async Task<IndexReadiness> ReadAsync(string collection, CancellationToken cancellation)
    {
        var (all, unknown) = await peers.FindAsync(collection, PeersAsOf, cancellation);
        if (all.Count == 1)
        {
            var one = await LookTwiceAsync(all[0], collection, cancellation);
            return unknown is null ? one : one with { Message = $"{one.Message}; one peer was asked: {unknown}" };
        }

        var seen = await Task.WhenAll(all.Select(peer => OfPeerAsync(peer, collection, cancellation)));
        return Array.Find(seen, readiness => !readiness.Ready) ?? seen[0] with { Message = $"{seen[0].Message}; on each of {all.Count} peers" };
    }

    /// <summary>What one of several has to say; without an answer it is not ready.</summary>
    private static async Task<IndexReadiness> OfPeerAsync(QdrantStore peer, string collection, CancellationToken cancellation)
    {
        try
        {
            var seen = await LookTwiceAsync(peer, collection, cancellation);
            return seen.Ready ? seen : seen with { Message = $"{peer.Address}: {seen.Message}" };
        }
        catch (QdrantException failure)
        {
            return new(false, $"{peer.Address} has no answer ({failure.Kind})");
        }
    }

    private static async Task<IndexReadiness> LookTwiceAsync(QdrantStore qdrant, string collection, CancellationToken cancellation)
    {
        var first = await LookAsync(qdrant, collection, cancellation);
        if (!first.Ready)
        {
            return first;
        }

        await Task.Delay(BetweenLooks, cancellation);
        return await LookAsync(qdrant, collection, cancellation);
    }

    private static async Task<IndexReadiness> LookAsync(QdrantStore qdrant, string collection, CancellationToken cancellation)
    {
        var state = await qdrant.FindCollectionAsync(collection, cancellation);
        if (state is null)
        {
            return new(false, $"{collection} is missing");
        }

        var unindexed = UnindexedAllowance(state);
        return state switch
        {
            { OptimizerOk: false } => new(false, $"the optimiser of {collection} reports: {state.OptimizerError}"),
            { Status: CollectionStatus.Grey } => await WakeAsync(qdrant, collection, cancellation),
            { Status: not CollectionStatus.Green } => new(false, $"{collection} is {state.Status}: the optimiser is at work"),
            { IndexingThreshold: null or 0 } => new(false, $"{collection} has no indexing threshold"),
            { UpdateQueueLength: > 0 } => new(false, $"{state.UpdateQueueLength} updates of {collection} are queued"),
            _ when state.IndexedVectorsCount + unindexed < state.PointsCount =>
                new(false, $"{state.IndexedVectorsCount} of {state.PointsCount} vectors of {collection} are indexed"),
            _ when await qdrant.ClusterOfAsync(collection, cancellation) is { AllActive: false } =>
                new(false, $"not all replicas of {collection} are active, or some are on the move"),
            _ => new(true, $"{state.IndexedVectorsCount} of {state.PointsCount} vectors indexed, the rest below the threshold of {state.IndexingThreshold} kB a segment"),
        };
    }

    /// <summary>After a restart of Qdrant an optimiser may wait for a write before it goes on; a delete of nothing is one.</summary>
    private static async Task<IndexReadiness> WakeAsync(QdrantStore qdrant, string collection, CancellationToken cancellation)
    {
        await qdrant.DeleteAsync(collection, PointSelection.Of(PointId.FromUuid(Guid.NewGuid())), cancellation);
        return new(false, $"{collection} is {CollectionStatus.Grey}: its optimiser was asleep, and is woken by a delete of no point");
    }

    /// <summary>The threshold is in kilobytes of vectors a segment; that many points may stay unindexed in each.</summary>
    private static ulong UnindexedAllowance(CollectionState state)
    {
        var bytesAPoint = 4UL * (ulong)state.Vectors.Values.Sum(v => (long)v.Size);
        return state.SegmentsCount * (state.IndexingThreshold ?? 0) * 1024 / Math.Max(bytesAPoint, 1);
    }
}
