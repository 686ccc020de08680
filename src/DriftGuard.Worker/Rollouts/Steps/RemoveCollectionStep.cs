using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Rollouts.Cluster;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>
/// Deletes the collection that lost: green of a rollout that ends before cutover, or the one past its retention. Qdrant deletes a
/// collection that an alias points to without asking, and the alias with it, so the aliases are read right before, and again after it. Of one past its
/// retention a snapshot is copied first, if asked: its removal is the only step of a rollout that cannot be undone.
/// </summary>
internal sealed class RemoveCollectionStep(QdrantStore qdrant, PeerReader peers, SnapshotKeeper snapshots, StateStore state, TimeProvider time) : IRolloutStep
{
    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.RemoveGreen, RolloutAction.RetireCollection];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var rollout = seen.Rollout;
        var retiring = rollout.EndedAt is not null;
        var collection = retiring ? rollout.Retired : rollout.Green;
        if (retiring && rollout is { Settings.SnapshotFolder: { } folder, Snapshots: null } && await qdrant.ExistsAsync(collection, cancellation))
        {
            rollout = rollout with { Snapshots = await snapshots.KeepAsync(collection, folder, cancellation) };
            await state.SaveRolloutAsync(rollout, finished: false, cancellation);
        }

        var pointing = (await qdrant.AliasesAsync(cancellation)).AliasesOf(collection);
        if (pointing.Count > 0)
        {
            throw new OperatorException(OperatorError.Conflict,
                $"collection {collection} is not removed: alias {string.Join(", ", pointing)} points to it");
        }

        if (retiring)
        {
            await RequireUnusedAsync(collection, cancellation);
        }

        if (retiring && !rollout.Retiring)
        {
            // Recorded first: a deletion that arrives late must not meet a collection that serves again.
            rollout = rollout with { Retiring = true };
            await state.SaveRolloutAsync(rollout, finished: false, cancellation);
        }

        if (await qdrant.ExistsAsync(collection, cancellation))
        {
            await qdrant.DeleteCollectionAsync(collection, cancellation);
            await RestoreAliasesAsync(seen, cancellation);
        }

        return retiring ? rollout with { RetiredAt = time.GetUtcNow() } : rollout;
    }

    /// <summary>What has served may be served still, by a peer that has not heard of the switch.</summary>
    private async Task RequireUnusedAsync(string collection, CancellationToken cancellation)
    {
        if ((await peers.ReadAsync(collection, cancellation)).PointingTo(collection) is { } problem)
        {
            throw new OperatorException(OperatorError.Conflict, $"collection {collection} is not removed before every peer of Qdrant has no alias on it: {problem}");
        }
    }

    /// <summary>Somebody may have pointed an alias of the index there after it was looked.</summary>
    private async Task RestoreAliasesAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var aliases = await qdrant.AliasesAsync(cancellation);
        var moves = AliasMoves.Restore(seen.Rollout.Index, seen.Fence.HasWriteAlias, aliases.Targets);
        if (moves.Count > 0)
        {
            await qdrant.ChangeAliasesAsync(IndexAliases.Call(moves), cancellation);
        }
    }
}
