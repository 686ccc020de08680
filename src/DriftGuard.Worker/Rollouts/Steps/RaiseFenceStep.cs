using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>Holds applications' writes.</summary>
internal sealed class RaiseFenceStep(QdrantStore qdrant, StateStore state, StrictModeFence strictMode, TimeProvider time) : IRolloutStep
{
    private static readonly TimeSpan AMoment = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);

    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.RaiseFence];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        // Recorded first: whoever comes after a process that was cut off here knows what to lower.
        var (now, began) = (time.GetUtcNow(), time.GetTimestamp());
        var fence = seen.Rollout.Fence is not { } recorded ? WriteFence.New(RolloutDecider.FenceKindOf(seen)!.Value, seen.IndexTarget!, now)
            : seen.Fence.HeldBy == recorded.Nonce ? recorded
            : recorded with { RaisedAt = now };
        var rollout = seen.Rollout with { Fence = fence, FenceMayRiseUntil = WriteFence.MayRiseUntil(now) };
        await state.SaveRolloutAsync(rollout, finished: false, cancellation);
        if (!await HeldAsync(rollout.Index, fence, cancellation) || time.GetElapsedTime(began) > WriteFence.RaisedWithin)
        {
            return rollout;
        }

        if (fence.Kind == FenceKind.StrictMode && !seen.Fence.StrictMode)
        {
            await strictMode.RaiseAsync(fence.Collection, cancellation);
        }

        return fence.Kind == FenceKind.Alias ? await RaiseAliasAsync(seen, rollout, fence, cancellation) : rollout;
    }

    /// <summary>
    /// Holds what goes through DriftGuard, and waits a moment for what is under way: others are held only once that is done, so that they are not
    /// held for the sake of a writer that has died.
    /// </summary>
    private async Task<bool> HeldAsync(string index, WriteFence fence, CancellationToken cancellation)
    {
        if (await state.HoldWritesAsync(index, fence.Nonce, WriteFence.HoldsUntilLowered, cancellation) is null)
        {
            return false;
        }

        for (var began = time.GetTimestamp(); (await state.WriteTrafficAsync(index, cancellation)).UnderWay; await Task.Delay(LookAgain, time, cancellation))
        {
            if (time.GetElapsedTime(began) > AMoment)
            {
                return false;
            }
        }

        return true;
    }

    private async Task<Rollout> RaiseAliasAsync(RolloutObservation seen, Rollout rollout, WriteFence fence, CancellationToken cancellation)
    {
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
