using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Rollouts.Copying;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>
/// The one call that moves the epoch token and the aliases together. The attempt with its nonce is recorded before the call is made,
/// so that whoever comes next can tell whether it was this one that won. Where something wrote to the old side after the pass that found
/// nothing, another pass comes first.
/// </summary>
internal sealed class SwitchStep(QdrantStore qdrant, StateStore state, ActivityMarker markers, TimeProvider time) : IRolloutStep
{
    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.SwitchToGreen, RolloutAction.SwitchToBlue];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var rollout = seen.Rollout;
        if (rollout.Switch is not { Outcome: SwitchOutcome.Unknown } && await LastPassAsync(rollout, cancellation) is { } pass)
        {
            rollout = rollout with { LastPass = pass };
            if (pass.Disturbed > 0)
            {
                return rollout;
            }
        }

        var attempt = SwitchAttempt.Next(seen, time.GetUtcNow());
        rollout = rollout with { Switch = attempt };
        await state.SaveRolloutAsync(rollout, finished: false, cancellation);
        try
        {
            await qdrant.ChangeAliasesAsync(IndexAliases.Call(AliasMoves.Switch(attempt, seen)), cancellation);
        }
        catch (AliasNotFoundException)
        {
            // Someone else moved the token first, or our own lost answer did: the next observation tells which.
        }

        return rollout;
    }

    /// <summary>The last pass with the operations that came since; null where they cannot be known or passes have not helped.</summary>
    private async Task<CatchUpPass?> LastPassAsync(Rollout rollout, CancellationToken cancellation)
    {
        if (rollout.LastPass is not { Marker: { } marker } pass || rollout.Fence is { Kind: FenceKind.StrictMode }
            || (rollout.Fence is null && pass.Round >= RolloutDecider.MaxPassesWithoutFence))
        {
            return null;
        }

        var source = rollout.Of(pass.Source).Collection;
        var now = await markers.SetAsync(source, cancellation);
        return pass with { Marker = now, Disturbed = ActivityMarker.Foreign(marker, now) ?? 0 };
    }
}
