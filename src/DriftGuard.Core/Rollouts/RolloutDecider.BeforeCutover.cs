using DriftGuard.Core.Text;
using static DriftGuard.Core.Rollouts.RolloutAction;
using static DriftGuard.Core.Rollouts.RolloutPhase;

namespace DriftGuard.Core.Rollouts;

/// <summary>While blue serves: build green, judge it, switch.</summary>
public static partial class RolloutDecider
{
    private static RolloutDecision BeforeCutover(RolloutObservation o)
    {
        var r = o.Rollout;
        if (r.Switch is { To: Side.Blue, Outcome: SwitchOutcome.Applied })
        {
            return MergeLate(o) ?? End(RolledBack, ReasonOfRollback(o), $"'{r.Index}' is served by {r.FromModel} again{WhyRolledBack(o)}; {r.Green} is kept for {DurationText.Format(r.Settings.Retention)}, and then removed for good{AfterSnapshot(r)}");
        }

        if (r.Failure is { } failure)
        {
            return Fail(o, failure.Reason, failure.Message);
        }

        if (!o.BlueExists)
        {
            return Fail(o, RolloutReason.BlueMissing, $"collection {r.Blue} behind index '{r.Index}' is gone");
        }

        return o.Requests.Pause
            ? new(Paused, Wait, RolloutReason.PauseRequested, "paused by request; resume to go on", ByAndBy)
            : SpendingStop(o) ?? Build(o) ?? Judge(o) ?? CutOver(o);
    }

    /// <summary>Everything up to a green that is complete and indexed.</summary>
    private static RolloutDecision? Build(RolloutObservation o)
    {
        var r = o.Rollout;
        if (r.Settings.Preflight && r.Preflight is null)
        {
            return Do(Preflight, RunPreflight, "scoring a sub-corpus under both models");
        }

        if (!r.GreenCreated)
        {
            // Also where it is there already: whoever made it may have been cut off before the rest of the step.
            return Do(Provisioning, CreateGreen, $"creating {r.Green}");
        }

        if (!o.GreenExists)
        {
            return Fail(o, RolloutReason.GreenMissing, $"shadow collection {r.Green} was removed by someone else; start a new rollout");
        }

        if (r.PartitionsPlanned == 0)
        {
            return Do(Provisioning, PlanPartitions, "sampling partition boundaries");
        }

        if (o.PartitionsDone < r.PartitionsPlanned)
        {
            return Do(Copying, CopyPartitions, $"{o.PartitionsDone} of {r.PartitionsPlanned} partitions are copied");
        }

        if (r.LastPass is null || (!r.IndexingEnabled && r.LastPass.Changes > r.LastPass.Compared / 100 && r.LastPass.Round < MaxPassesWithoutFence))
        {
            return Do(CatchingUp, RunCatchUpPass, "comparing both collections in id order");
        }

        if (!r.IndexingEnabled)
        {
            return Do(Indexing, EnableIndexing, "letting the optimiser build the index");
        }

        return o.Readiness is { Ready: true }
            ? null
            : new(Indexing, Wait, RolloutReason.IndexBuilding, o.Readiness?.Message ?? "not looked at yet", TimeSpan.FromMilliseconds(500));
    }

    private static RolloutDecision? Judge(RolloutObservation o)
    {
        var r = o.Rollout;
        if (r.Gate is not { } gate || o.Now - gate.At > GateValidity || gate.At < r.Restored?.At)
        {
            return Do(Evaluating, Evaluate, "evaluating the gate");
        }

        switch (gate.Decision)
        {
            case Gate.GateDecision.Passed when r.LastPass is { } pass && pass.Parked > gate.Parked && pass.Number > gate.AfterPass:
                return Do(Evaluating, Evaluate, "a text that cannot be embedded was met after the gate passed; evaluating it again");
            case Gate.GateDecision.Refused:
                return Fail(o, RolloutReason.GateRefused, gate.Message);
            case Gate.GateDecision.Blocked or Gate.GateDecision.Inconclusive when o.Requests.Resumed > gate.AfterRequest:
                // What was mended in blue reaches green by a pass; once one finds nothing more, the gate looks again.
                return r.LastPass!.AfterRequest >= o.Requests.Resumed && (r.LastPass.Changes == 0 || r.LastPass.Round >= MaxPassesWithoutFence)
                    ? Do(Evaluating, Evaluate, "evaluating the gate again")
                    : Do(CatchingUp, RunCatchUpPass, "comparing both collections again");
            case Gate.GateDecision.Blocked:
                return new(Paused, Wait, RolloutReason.GateBlocked, gate.Message, ByAndBy);
            case Gate.GateDecision.Inconclusive:
                return new(Paused, Wait, RolloutReason.GateInconclusive, gate.Message, ByAndBy);
            default:
                return r.Settings.RequireApproval && !o.Requests.Approves(gate.EvaluationId, gate.At)
                    ? new(AwaitingApproval, Wait, RolloutReason.ApprovalRequired, $"{gate.Message}; approve to cut over", ByAndBy)
                    : null;
        }
    }

    private static RolloutDecision CutOver(RolloutObservation o) => SwitchFrom(o, Side.Blue, RolloutReason.Progressing);
}
