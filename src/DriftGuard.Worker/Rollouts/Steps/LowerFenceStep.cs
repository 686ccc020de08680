using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>Lets applications' writes go on, to the collection that serves; whatever fence is found, also one that nobody recorded, is lowered.</summary>
internal sealed class LowerFenceStep(QdrantStore qdrant, StateStore state, StrictModeFence strictMode, TimeProvider time) : IRolloutStep
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);

    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.LowerFence];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var rollout = seen.Rollout;
        var lowered = rollout.Reason == RolloutReason.FenceTooLong ? Later(seen) : rollout with { Fence = null };
        if (rollout.Fence is { Kind: FenceKind.Alias })
        {
            // Recorded first: a call that arrives late must not lower a fence that is relied on again.
            await state.SaveRolloutAsync(lowered, finished: false, cancellation);
        }

        var writable = seen.Fence.WriteTarget is not null;
        foreach (var alias in seen.Fence.Aliases.Keys)
        {
            try
            {
                await qdrant.ChangeAliasesAsync(IndexAliases.Call(AliasMoves.LowerFence(rollout.Index, alias, writable)), cancellation);
                writable = true;
            }
            catch (AliasNotFoundException)
            {
                // Lowered by a call whose answer was lost.
            }
        }

        if (rollout.Fence is { Kind: FenceKind.StrictMode } fence)
        {
            await strictMode.LowerAsync(fence.Collection, cancellation);
        }

        if (seen.Fence.SyncAlias)
        {
            await qdrant.ChangeAliasesAsync([new AliasChange.Delete(WriteFence.SyncAlias(rollout.Index))], cancellation);
        }

        if (seen.Fence.HeldBy is { } nonce)
        {
            await state.ReleaseHoldAsync(rollout.Index, nonce, cancellation);
        }

        return lowered;
    }

    private Rollout Later(RolloutObservation seen) => seen.Rollout with
    {
        Fence = null,
        FencesLowered = seen.Rollout.FencesLowered + 1,
        FenceLoweredAfterRequest = seen.Requests.Latest,
        FenceAgainAt = time.GetUtcNow() + (FirstPause * Math.Pow(2, Math.Min(seen.Rollout.FencesLowered, 4))),
    };
}
