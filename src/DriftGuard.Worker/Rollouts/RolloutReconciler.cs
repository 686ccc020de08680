using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Rollouts.Steps;

namespace DriftGuard.Worker.Rollouts;

/// <summary>Observes, decides, does one action, records it. Any call may be cut off anywhere and made again.</summary>
internal sealed class RolloutReconciler(StateStore state, RolloutObserver observer, RolloutSteps steps, TimeProvider time)
{
    /// <summary>Takes one step.</summary>
    /// <returns>What was decided; <see cref="RolloutDecision.LookAgainAfter"/> says when to call again.</returns>
    public async Task<RolloutDecision> StepAsync(string rolloutId, CancellationToken cancellation)
    {
        var seen = await observer.ObserveAsync(rolloutId, cancellation);
        var decision = RolloutDecider.Decide(seen);
        var rollout = Recorded(seen.Rollout, decision);
        var finished = Finished(rollout, decision);
        if (finished || rollout != seen.Rollout)
        {
            // The look that finds nothing left to do changes no fact, and must be recorded all the same: else it is looked after for ever.
            await state.SaveRolloutAsync(rollout, finished, cancellation);
        }

        if (decision.Action == RolloutAction.Wait)
        {
            await steps.HoldAsync(rollout, cancellation);
            return decision;
        }

        var after = await steps.RunAsync(decision.Action, seen with { Rollout = rollout }, cancellation);
        if (after != rollout)
        {
            await state.SaveRolloutAsync(after, finished: false, cancellation);
        }

        return decision;
    }

    private static bool Finished(Rollout rollout, RolloutDecision decision) => rollout.EndedAt is not null && decision.LookAgainAfter is null;

    private Rollout Recorded(Rollout rollout, RolloutDecision decision)
    {
        var now = time.GetUtcNow();
        var ended = decision.Ends ? rollout.EndedAt ?? now : decision.Phase.IsEnd() ? rollout.EndedAt : null;
        return rollout with
        {
            Phase = decision.Phase,
            PhaseSince = rollout.Phase == decision.Phase && rollout.PhaseSince != default ? rollout.PhaseSince : now,
            Reason = decision.Reason,
            Message = decision.Message,
            Failure = rollout.Failure ?? decision.Failure,
            EndedAt = ended,
        };
    }
}
