using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>Holds applications' writes.</summary>
internal sealed class RaiseFenceStep(QdrantStore qdrant, StateStore state, StrictModeFence strictMode, TimeProvider time) : IRolloutStep
{
    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.RaiseFence];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        // Recorded first: whoever comes after a process that was cut off here knows what to lower.
        var now = time.GetUtcNow();
        var fence = seen.Rollout.Fence is { } recorded ? recorded with { RaisedAt = now } : WriteFence.New(RolloutDecider.FenceKindOf(seen)!.Value, seen.IndexTarget!, now);
        var rollout = seen.Rollout with { Fence = fence, FenceMayRiseUntil = now + RolloutDecider.LongestLateness };
        await state.SaveRolloutAsync(rollout, finished: false, cancellation);
        if (fence.Kind == FenceKind.StrictMode)
        {
            await strictMode.RaiseAsync(fence.Collection, cancellation);
            return rollout;
        }

        try
        {
            await qdrant.ChangeAliasesAsync(IndexAliases.Call(AliasMoves.RaiseFence(rollout.Index, fence)), cancellation);
        }
        catch (AliasNotFoundException) when (seen.Fence.HasWriteAlias)
        {
            // Raised by a call whose answer was lost: the next look shows it.
        }
        catch (AliasNotFoundException)
        {
            throw new OperatorException(OperatorError.Conflict,
                $"alias '{WriteFence.WriteAlias(rollout.Index)}', which applications write through, is gone: create it again, on {fence.Collection}");
        }

        return rollout;
    }
}
