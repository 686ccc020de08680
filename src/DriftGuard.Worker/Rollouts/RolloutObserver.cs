using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Rollouts.Copying.Pacing;

namespace DriftGuard.Worker.Rollouts;

/// <summary>Reads the world for one rollout: the recorded facts, people's requests, and what Qdrant holds.</summary>
internal sealed class RolloutObserver(StateStore state, QdrantStore qdrant, IndexReadinessReader readiness, CopySpending spending, LateWrites late, TimeProvider time)
{
    public async Task<RolloutObservation> ObserveAsync(string rolloutId, CancellationToken cancellation)
    {
        // The time before the looks: what may happen until some time has not been seen to be over by a look before then.
        var now = time.GetUtcNow();
        var rollout = late.Note(await state.FindRolloutAsync(rolloutId, cancellation)
            ?? throw new OperatorException(OperatorError.NotFound, $"there is no rollout '{rolloutId}'; 'driftguard rollout status' lists them"));
        var aliases = await qdrant.AliasesAsync(cancellation);
        var blueExists = await qdrant.ExistsAsync(rollout.Blue, cancellation);
        var greenExists = await qdrant.ExistsAsync(rollout.Green, cancellation);
        var partitions = rollout.PartitionsPlanned == 0 ? PartitionTotals.None : await state.PartitionTotalsAsync(rolloutId, cancellation);
        var requests = await state.RequestsAsync(rolloutId, cancellation);
        return new()
        {
            Now = now,
            Rollout = rollout,
            Requests = requests,
            IndexTarget = aliases.TargetOf(rollout.Index),
            Tokens = IndexAliases.Tokens(rollout.Index, aliases),
            Fence = await FenceAsync(rollout, aliases, cancellation),
            BlueExists = blueExists,
            GreenExists = greenExists,
            PartitionsDone = partitions.Done,
            PointsCopied = partitions.Copied,
            Spending = spending.Of(rollout, requests.Limits.Over(rollout.Settings.Limits), partitions),
            Readiness = greenExists && rollout is { IndexingEnabled: true, EndedAt: null, Serving: Side.Blue } ? await ReadinessAsync(rollout, cancellation) : null,
            DirtyIds = rollout is { Serving: Side.Green, EndedAt: null } ? await state.CountDirtyAsync(rollout.Index, cancellation) : 0,

            // Asked only before the collection that lost is removed.
            ParkedTexts = rollout.EndedAt is null ? 0 : await state.CountParkedAsync(rolloutId, cancellation),
            HasSuccessor = rollout.EndedAt is not null && (await state.ListRolloutsAsync(rollout.Index, cancellation))[^1].Id != rolloutId,
            RetiredIsReferenced = aliases.AliasesOf(rollout.Retired).Count > 0,
        };
    }

    /// <summary>Every peer has to be ready for the gate, which asks them itself; a peer that goes away afterwards holds up nobody who waits at the fence.</summary>
    private Task<IndexReadiness> ReadinessAsync(Rollout rollout, CancellationToken cancellation) => rollout.Gate is null
        ? readiness.ReadAsync(rollout.Green, cancellation)
        : readiness.ReadHereAsync(rollout.Green, cancellation);

    private async Task<FenceSeen> FenceAsync(Rollout rollout, AliasTable aliases, CancellationToken cancellation)
    {
        var traffic = await state.WriteTrafficAsync(rollout.Index, cancellation);
        var seen = AliasMoves.Fences(rollout.Index, aliases.Targets) with { HeldBy = traffic.Hold?.Nonce, WritesUnderWay = traffic.UnderWay };
        return rollout.Fence is { Kind: FenceKind.StrictMode, Collection: var collection }
            ? seen with { StrictMode = StrictModeFence.IsUp(await qdrant.FindCollectionAsync(collection, cancellation)) }
            : seen;
    }
}
