using DriftGuard.Core.Text;
using static DriftGuard.Core.Rollouts.RolloutAction;
using static DriftGuard.Core.Rollouts.RolloutPhase;

namespace DriftGuard.Core.Rollouts;

/// <summary>
/// The rollout's runbook: a pure function from what is observed to the next action. Nothing here is remembered between calls,
/// so a process may die after any action, and a new one goes on from what it sees.
/// </summary>
public static class RolloutDecider
{
    /// <summary>Passes after which a rollout without a fence stops waiting for one that finds nothing.</summary>
    public const int MaxPassesWithoutFence = 5;

    /// <summary>An empty pass older than this no longer proves anything at the switch.</summary>
    public static readonly TimeSpan FinalPassValidity = TimeSpan.FromMinutes(1);

    /// <summary>A gate older than this is evaluated again before the switch.</summary>
    public static readonly TimeSpan GateValidity = TimeSpan.FromHours(24);

    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ByAndBy = TimeSpan.FromSeconds(5);

    /// <summary>Decides the next action.</summary>
    public static RolloutDecision Decide(RolloutObservation o) =>
        AfterTheEnd(o)
        ?? AbortBeforeCutover(o)
        ?? StandStill(o)
        ?? UnsettledSwitch(o)
        ?? Superseded(o)
        ?? (o.Rollout.Serving == Side.Green ? AfterCutover(o) : BeforeCutover(o));

    private static RolloutDecision? AfterTheEnd(RolloutObservation o)
    {
        var r = o.Rollout;
        if (r.EndedAt is not { } ended)
        {
            return null;
        }

        if (r.Phase is Aborted or Failed || r.RetiredAt is not null)
        {
            return new(r.Phase, Wait, r.Reason, r.Message, null);
        }

        if (r.Phase == Completed && o.Requests.Rollback && o.BlueExists && o.Token?.Token == r.ExpectedToken)
        {
            return null;
        }

        var due = ended + r.Settings.Retention;
        var message = $"{r.Retired} is kept until {due:u}";
        if (o.Now < due)
        {
            return new(r.Phase, Wait, RolloutReason.Retaining, message, due - o.Now);
        }

        return o.RetiredIsReferenced
            ? new(r.Phase, Wait, RolloutReason.Retaining, $"{r.Retired} is not removed: an alias points to it", TimeSpan.FromHours(1))
            : new(r.Phase, RetireCollection, RolloutReason.Done, $"{r.Retired} is past its retention and is removed", Soon);
    }

    /// <summary>An abort needs no agreement of alias and token, only that neither points to green and no switch is under way.</summary>
    private static RolloutDecision? AbortBeforeCutover(RolloutObservation o)
    {
        var r = o.Rollout;
        if (!o.Requests.Abort || r.Serving == Side.Green || r.Switch is { Outcome: SwitchOutcome.Unknown }
            || o.IndexTarget == r.Green || o.Tokens.Any(t => t.Target == r.Green))
        {
            return null;
        }

        return GreenHeld(o) ?? (o.GreenExists
            ? new(r.Phase, RemoveGreen, RolloutReason.AbortRequested, $"removing {r.Green}", Soon)
            : End(Aborted, RolloutReason.AbortRequested, "aborted by request; nothing of it is left, the index was not touched"));
    }

    /// <summary>An alias of somebody else points to green: it is not removed before that alias is.</summary>
    private static RolloutDecision? GreenHeld(RolloutObservation o) => o is { GreenExists: true, RetiredIsReferenced: true }
        ? new(Paused, Wait, RolloutReason.GreenReferenced, $"{o.Rollout.Green} is to be removed, but an alias points to it; delete that alias", ByAndBy)
        : null;

    private static RolloutDecision? StandStill(RolloutObservation o)
    {
        if (o.Token is not { } token)
        {
            return Hold(RolloutReason.TokenMissing, o.Tokens.Count == 0
                ? $"index '{o.Rollout.Index}' has no epoch token (an alias {o.Rollout.Index}.e<epoch>.<nonce>); it was removed by hand. "
                    + $"Restore {o.Rollout.ExpectedToken} on the collection that should serve"
                : $"index '{o.Rollout.Index}' has {o.Tokens.Count} epoch tokens ({string.Join(", ", o.Tokens.Select(t => t.Token))}); keep one");
        }

        return token.Target == o.IndexTarget
            ? null
            : Hold(RolloutReason.AliasMovedByHand,
                $"alias '{o.Rollout.Index}' points to {o.IndexTarget ?? "nothing"}, its epoch token {token.Token} to {token.Target}: "
                + "somebody re-pointed one of them. Point both to the collection that should serve, then the rollout goes on");

        static RolloutDecision Hold(string reason, string message) => new(Paused, Wait, reason, message, ByAndBy);
    }

    private static RolloutDecision? UnsettledSwitch(RolloutObservation o)
    {
        if (o.Rollout.Switch is not { Outcome: SwitchOutcome.Unknown } attempt)
        {
            return null;
        }

        var phase = attempt.To == Side.Green ? CuttingOver : RollingBack;
        var seen = o.Token!.Token;
        if (seen == attempt.Token)
        {
            return new(phase, ConfirmSwitch, RolloutReason.Progressing, $"switch to {attempt.Token} is seen; confirming", Soon);
        }

        return seen == attempt.From || seen == attempt.From.Abort()
            ? new(phase, SettleSwitch, RolloutReason.SwitchUnsettled, $"the outcome of the switch to {attempt.Token} is unknown; settling it", Soon)
            : null;
    }

    private static RolloutDecision? Superseded(RolloutObservation o)
    {
        var r = o.Rollout;
        if (o.Token!.Token == r.ExpectedToken)
        {
            return null;
        }

        var message = $"index '{r.Index}' was switched by someone else: its epoch token is {o.Token.Token}, this rollout expected {r.ExpectedToken}";
        return r.Serving == Side.Green
            ? End(Completed, RolloutReason.Superseded, message)
            : Fail(o, RolloutReason.Superseded, message);
    }

    private static RolloutDecision BeforeCutover(RolloutObservation o)
    {
        var r = o.Rollout;
        if (r.Switch is { To: Side.Blue, Outcome: SwitchOutcome.Applied })
        {
            return End(RolledBack, ReasonOfRollback(o), $"'{r.Index}' is served by {r.FromModel} again; {r.Green} is kept for {DurationText.Format(r.Settings.Retention)}");
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
            : Build(o) ?? Judge(o) ?? CutOver(o);
    }

    /// <summary>Everything up to a green that is complete and indexed.</summary>
    private static RolloutDecision? Build(RolloutObservation o)
    {
        var r = o.Rollout;
        if (r.Settings.Preflight && r.Preflight is null)
        {
            return Do(Preflight, RunPreflight, "scoring a sub-corpus under both models");
        }

        if (!o.GreenExists)
        {
            return r.GreenCreated
                ? Fail(o, RolloutReason.GreenMissing, $"shadow collection {r.Green} was removed by someone else; start a new rollout")
                : Do(Provisioning, CreateGreen, $"creating {r.Green}");
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
        if (r.Gate is not { } gate || o.Now - gate.At > GateValidity)
        {
            return Do(Evaluating, Evaluate, "evaluating the gate");
        }

        switch (gate.Decision)
        {
            case Gate.GateDecision.Passed when r.LastPass is { Parked: > 0 } pass && pass.StartedAt >= gate.At:
                return Do(Evaluating, Evaluate, "a text that cannot be embedded was met after the gate passed; evaluating it again");
            case Gate.GateDecision.Refused:
                return Fail(o, RolloutReason.GateRefused, gate.Message);
            case Gate.GateDecision.Blocked or Gate.GateDecision.Inconclusive when o.Requests.ResumedAt > gate.At:
                // What was mended in blue reaches green by a pass, then the gate looks again.
                return r.LastPass!.StartedAt > o.Requests.ResumedAt
                    ? Do(Evaluating, Evaluate, "evaluating the gate again")
                    : Do(CatchingUp, RunCatchUpPass, "comparing both collections again");
            case Gate.GateDecision.Blocked:
                return new(Paused, Wait, RolloutReason.GateBlocked, gate.Message, ByAndBy);
            case Gate.GateDecision.Inconclusive:
                return new(Paused, Wait, RolloutReason.GateInconclusive, gate.Message, ByAndBy);
            default:
                return r.Settings.RequireApproval && !o.Requests.Approved
                    ? new(AwaitingApproval, Wait, RolloutReason.ApprovalRequired, $"{gate.Message}; approve to cut over", ByAndBy)
                    : null;
        }
    }

    private static RolloutDecision CutOver(RolloutObservation o) =>
        FinalPassHolds(o, Side.Blue)
            ? Do(CuttingOver, SwitchToGreen, $"switching '{o.Rollout.Index}' to {o.Rollout.Green}")
            : Do(CuttingOver, RunCatchUpPass, "final pass before the switch");

    private static RolloutDecision AfterCutover(RolloutObservation o)
    {
        var r = o.Rollout;
        if (o.Requests.Rollback || r.LastSoakCheck is { Breach: true })
        {
            return RollBack(o);
        }

        var until = r.CutOverAt!.Value + r.Settings.Soak;
        if (o.Now >= until)
        {
            return End(Completed, RolloutReason.Retaining, $"{r.Index} is served by {r.ToModel}; {r.Blue} is kept for {DurationText.Format(r.Settings.Retention)} and can be rolled back to");
        }

        var nextCheck = (r.LastSoakCheck?.At ?? r.CutOverAt.Value) + r.Settings.SoakCheckInterval;
        return o.Now >= nextCheck
            ? new(Soaking, CheckSoak, RolloutReason.Watching, "scoring the calibration set against the serving collection", Soon)
            : new(Soaking, Wait, RolloutReason.Watching, $"watched until {until:u}", Earlier(until, nextCheck) - o.Now);
    }

    private static string ReasonOfRollback(RolloutObservation o) =>
        o.Requests.Rollback ? RolloutReason.RollbackRequested : RolloutReason.SoakBreach;

    private static RolloutDecision RollBack(RolloutObservation o)
    {
        var r = o.Rollout;
        var reason = ReasonOfRollback(o);
        if (!o.BlueExists)
        {
            return End(Completed, RolloutReason.RollbackImpossible, $"cannot roll back: {r.Blue} was removed; '{r.Index}' stays on {r.ToModel}");
        }

        return FinalPassHolds(o, Side.Green)
            ? new(RollingBack, SwitchToBlue, reason, $"switching '{r.Index}' back to {r.Blue}", Soon)
            : new(RollingBack, RunReversePass, reason, "carrying writes since the cutover back", Soon);
    }

    /// <summary>The latest pass is recent, in the right direction and empty; or enough were tried without a fence.</summary>
    private static bool FinalPassHolds(RolloutObservation o, Side source)
    {
        var r = o.Rollout;
        if (r.LastPass is not { } pass || pass.Source != source || o.Now - pass.FinishedAt > FinalPassValidity)
        {
            return false;
        }

        var afterGate = source == Side.Green || pass.StartedAt >= r.Gate!.At;
        return afterGate && (pass.Changes == 0 || pass.Round >= MaxPassesWithoutFence);
    }

    private static RolloutDecision Do(RolloutPhase phase, RolloutAction action, string message) =>
        new(phase, action, RolloutReason.Progressing, message, Soon);

    private static RolloutDecision End(RolloutPhase phase, string reason, string message) =>
        new(phase, Wait, reason, message, Soon) { Ends = true };

    /// <summary>Green is removed first; once it is gone the rollout ends.</summary>
    private static RolloutDecision Fail(RolloutObservation o, string reason, string message)
    {
        var failure = new RolloutFailure(reason, message);
        return o.GreenExists
            ? GreenHeld(o) ?? new(o.Rollout.Phase, RemoveGreen, reason, message, Soon) { Failure = failure }
            : End(Failed, reason, message) with { Failure = failure };
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
