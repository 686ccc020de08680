using DriftGuard.Qdrant;

namespace DriftGuard.Worker.Rollouts;

/// <summary>
/// Holds all writes to a collection by strict mode: no upsert fits, and the one operation a minute that is left is used up. A setting
/// cannot be taken back, only set to another number, so what was there before is restored and what was not becomes a number without effect.
/// </summary>
internal sealed class StrictModeFence(QdrantStore qdrant)
{
    private const uint NoLimit = 1_000_000_000;

    /// <summary>Whether a collection refuses writes in this way.</summary>
    public static bool IsUp(CollectionState? state) =>
        state?.StrictMode is { Enabled: true, HasUpsertMaxBatchsize: true, UpsertMaxBatchsize: 0 };

    /// <summary>Holds the writes.</summary>
    /// <exception cref="OperatorException">The collection lies on several peers, each of which would let an operation a minute through.</exception>
    public async Task RaiseAsync(string collection, CancellationToken cancellation)
    {
        if (await qdrant.ClusterOfAsync(collection, cancellation) is { Peers: > 1 and var peers })
        {
            throw new OperatorException(OperatorError.Conflict,
                $"collection {collection} lies on {peers} peers, where strict mode cannot hold writes: set rollout.fence to alias, and have applications write through the write alias");
        }

        var there = await qdrant.FindCollectionAsync(collection, cancellation);
        if (there?.StrictMode is { Enabled: true, HasWriteRateLimit: true, WriteRateLimit: not NoLimit })
        {
            throw new OperatorException(OperatorError.Conflict,
                $"collection {collection} has a write rate limit of its own in strict mode, which this fence would have to replace: set rollout.fence to alias");
        }

        await qdrant.SetStrictModeAsync(collection, new() { Enabled = true, UpsertMaxBatchsize = 0, WriteRateLimit = 1 }, cancellation);
        try
        {
            await qdrant.DeleteAsync(collection, PointSelection.Of(PointId.FromUuid(Guid.NewGuid())), cancellation);
        }
        catch (QdrantException exception) when (exception.Kind == QdrantFailure.Exhausted)
        {
            // Used up already, by a call of ours that was cut off.
        }
    }

    /// <summary>Lets writes go on.</summary>
    public async Task LowerAsync(string collection, CancellationToken cancellation)
    {
        if (IsUp(await qdrant.FindCollectionAsync(collection, cancellation)))
        {
            await qdrant.SetStrictModeAsync(collection, new() { UpsertMaxBatchsize = NoLimit, WriteRateLimit = NoLimit }, cancellation);
        }
    }
}
