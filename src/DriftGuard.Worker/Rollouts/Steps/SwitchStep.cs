using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Rollouts.Cluster;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>
/// The one call that moves the epoch token and the alias together. The attempt with its nonce is recorded before the call is made,
/// so that whoever comes next can tell whether it was this one that won.
/// </summary>
internal sealed class SwitchStep(QdrantStore qdrant, StateStore state, RolloutLeases leases, TimeProvider time) : IRolloutStep
{
    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.SwitchToGreen, RolloutAction.SwitchToBlue];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var attempt = SwitchAttempt.Next(seen, time.GetUtcNow());
        var rollout = seen.Rollout with { Switch = attempt };
        await state.SaveRolloutAsync(rollout, finished: false, leases.EpochOf(rollout.Id), cancellation);
        try
        {
            await qdrant.ChangeAliasesAsync(IndexAliases.Switch(attempt.From, attempt.Token, attempt.To == Side.Green ? rollout.Green : rollout.Blue), cancellation);
        }
        catch (AliasNotFoundException)
        {
            // Someone else moved the token first, or our own lost answer did: the next observation tells which.
        }

        return rollout;
    }
}
