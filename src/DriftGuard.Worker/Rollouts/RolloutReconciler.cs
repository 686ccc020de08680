using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Drift.Baselines;
using DriftGuard.Worker.Rollouts.Steps;
using DriftGuard.Worker.Telemetry.Tracing;

namespace DriftGuard.Worker.Rollouts;

/// <summary>What came of a step.</summary>
/// <param name="Decision">What was decided; <see cref="RolloutDecision.LookAgainAfter"/> says when to step again.</param>
/// <param name="FailureIsOver">What failed before, if anything did, has succeeded since.</param>
internal readonly record struct StepResult(RolloutDecision Decision, bool FailureIsOver);

/// <summary>Observes, decides, does one action, records it. Any call may be cut off anywhere and made again.</summary>
internal sealed class RolloutReconciler(StateStore state, RolloutObserver observer, RolloutSteps steps, RolloutActions actions, AutomaticBaselines baselines, TimeProvider time)
{
    /// <summary>Takes one step.</summary>
    public async Task<StepResult> StepAsync(string rolloutId, CancellationToken cancellation)
    {
        var seen = await observer.ObserveAsync(rolloutId, cancellation);
        var decision = RolloutDecider.Decide(seen);
        var rollout = Recorded(seen, decision);
        if (decision.Ends)
        {
            // First, since afterwards nobody decides so again.
            await state.DeleteIdSetsAsync(rolloutId, cancellation);
        }

        var finished = Finished(rollout, decision);
        if (finished || rollout != seen.Rollout)
        {
            // The look that finds nothing left to do changes no fact, and must be recorded all the same: else it is looked after for ever.
            await state.SaveRolloutAsync(rollout, finished, cancellation);
        }

        if (decision.Ends)
        {
            RolloutTrace.End(rollout);
        }

        if (decision.Action == RolloutAction.Wait)
        {
            await steps.HoldAsync(rollout, cancellation);
            return new(decision, FailureIsOver: true);
        }

        var now = seen with { Rollout = rollout };
        var after = await actions.RunAsync(now, decision.Action, () => steps.RunAsync(decision.Action, now, cancellation));
        var over = await FailureIsOverAsync(rollout, decision.Action, cancellation);
        after = over ? after with { LastFailure = null } : after;
        if (after != rollout)
        {
            await state.SaveRolloutAsync(after, finished: false, cancellation);
        }

        if (decision.Action == RolloutAction.ConfirmSwitch)
        {
            // Once it is on record who serves; a run that is cut off here leaves the baseline to the first drift check.
            await baselines.AtCutoverAsync(rollout.Index, cancellation);
        }

        return new(decision, over);
    }

    /// <summary>Copying goes on behind its step: only a batch that was acknowledged since shows that it works again.</summary>
    private async Task<bool> FailureIsOverAsync(Rollout rollout, RolloutAction action, CancellationToken cancellation) =>
        rollout.LastFailure is not { } failure || action != RolloutAction.CopyPartitions
        || (await state.PartitionTotalsAsync(rollout.Id, cancellation)).Copied > failure.Copied;

    private static bool Finished(Rollout rollout, RolloutDecision decision) => rollout.EndedAt is not null && decision.LookAgainAfter is null;

    private Rollout Recorded(RolloutObservation seen, RolloutDecision decision)
    {
        var rollout = seen.Rollout;
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
            RequestsSeen = seen.Requests.Latest,
            LastFailure = decision.Action == RolloutAction.Wait ? null : rollout.LastFailure,
        };
    }
}
