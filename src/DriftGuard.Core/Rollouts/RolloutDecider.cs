using static DriftGuard.Core.Rollouts.RolloutAction;
using static DriftGuard.Core.Rollouts.RolloutPhase;

namespace DriftGuard.Core.Rollouts;

/// <summary>
/// The rollout's runbook: a pure function from what is observed to the next action. Nothing here is remembered between calls,
/// so a process may die after any action, and a new one goes on from what it sees.
/// </summary>
public static partial class RolloutDecider
{
    /// <summary>Passes after which a rollout without a fence stops waiting for one that finds nothing.</summary>
    public const int MaxPassesWithoutFence = 5;

    /// <summary>An empty pass older than this no longer proves anything at the switch.</summary>
    public static readonly TimeSpan FinalPassValidity = TimeSpan.FromMinutes(1);

    /// <summary>A gate older than this is evaluated again before the switch.</summary>
    public static readonly TimeSpan GateValidity = TimeSpan.FromHours(24);

    /// <summary>No fence waits longer than this for its next try; a time further ahead is of a clock that jumped.</summary>
    public static readonly TimeSpan LongestFencePause = TimeSpan.FromMinutes(10);

    /// <summary>How often peers are asked that were behind a switch.</summary>
    private static readonly TimeSpan BetweenLooksAtPeers = TimeSpan.FromSeconds(10);

    /// <summary>In the soak, from one time that the outbox is carried back to the next.</summary>
    private static readonly TimeSpan BetweenCarries = TimeSpan.FromSeconds(5);

    /// <summary>In the soak the passes over everything pause so many times as long as one takes: a tenth of the time is theirs.</summary>
    private const int PassesPause = 9;

    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ByAndBy = TimeSpan.FromSeconds(5);

    /// <summary>Decides the next action.</summary>
    public static RolloutDecision Decide(RolloutObservation o) => WithoutFence(o, Next(o));

    private static RolloutDecision Next(RolloutObservation o) =>
        AfterTheEnd(o)
        ?? AbortBeforeCutover(o)
        ?? HalfSwitched(o)
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
            return new(r.Phase, Wait, r.Reason, r.Message, r.FenceMayRiseUntil > o.Now && !o.HasSuccessor ? ByAndBy : null);
        }

        if (r is { Phase: Completed, Retiring: false } && o.Requests.Rollback && o.BlueExists && o.Token?.Token == r.ExpectedToken)
        {
            return null;
        }

        if (Stragglers(o) is { } look)
        {
            return look;
        }

        var due = ended + r.Settings.Retention;
        if (o.Now < due)
        {
            return new(r.Phase, Wait, r.Reason, r.Reason == RolloutReason.Retaining ? $"{r.Retired} is kept until {due:u}, and then removed for good{AfterSnapshot(r)}" : r.Message, due - o.Now);
        }

        if (WhyKept(o) is { } why)
        {
            return new(r.Phase, Wait, r.Reason, $"{r.Retired} is not removed: {why}", TimeSpan.FromHours(1));
        }

        return new(r.Phase, RetireCollection, r.Reason == RolloutReason.Retaining ? RolloutReason.Done : r.Reason, $"{r.Retired} is past its retention and is removed{AfterSnapshot(r)}: that cannot be undone", Soon);
    }

    private static string AfterSnapshot(Rollout r) => r.Settings.SnapshotFolder is { } folder ? $", once a snapshot of it lies in {folder}" : ", without a snapshot";

    /// <summary>Peers that had not seen a switch serve the other side, and are asked until they have.</summary>
    private static RolloutDecision? Stragglers(RolloutObservation o)
    {
        var r = o.Rollout;
        return r.PeersBehind is { } behind && !((o.Now - r.PeersLookedAt)?.Duration() < BetweenLooksAtPeers)
            ? new(r.Phase, ConfirmPeers, r.Reason, $"asking again whether every peer of Qdrant has seen the switch: {behind}", ByAndBy)
            : null;
    }

    private static string? WhyKept(RolloutObservation o) =>
        o.RetiredIsReferenced ? "an alias points to it"
        : o.Rollout.PeersBehind is { } behind ? $"not every peer of Qdrant has seen the switch: {behind}"
        : o is { Rollout.Phase: RolledBack, ParkedTexts: > 0 } ? $"it alone holds {o.ParkedTexts} text(s) that {o.Rollout.FromModel} could not embed; carry them over, then delete it"
        : null;

    /// <summary>An abort needs no agreement of alias and token, only that neither points to green and no switch is under way.</summary>
    private static RolloutDecision? AbortBeforeCutover(RolloutObservation o)
    {
        var r = o.Rollout;
        if (!o.Requests.Abort || r.CutOverAt is not null || r.Switch is { Outcome: SwitchOutcome.Unknown }
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

    /// <summary>
    /// Qdrant saves the actions of a call one by one. Cut off in between, the token has its new name and does not point to its
    /// collection yet: the call is made again from there, under a token of its own.
    /// </summary>
    private static RolloutDecision? HalfSwitched(RolloutObservation o)
    {
        var r = o.Rollout;
        if (r.Switch is not { Outcome: SwitchOutcome.Unknown } attempt || o.Token is not { } token || (o.IndexTarget != r.Blue && o.IndexTarget != r.Green))
        {
            return null;
        }

        var half = token.Token == attempt.Token && token.Target != r.Of(attempt.To).Collection;
        return half || (attempt.Repairs && token.Token == attempt.From)
            ? new(attempt.To == Side.Green ? CuttingOver : RollingBack, attempt.To == Side.Green ? SwitchToGreen : SwitchToBlue,
                RolloutReason.SwitchUnsettled, $"the switch to {attempt.Token} was applied by half; making it again from there", Soon)
            : null;
    }

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

        if (RestoredState.IsTakenOver(r, o.IndexTarget, o.Token))
        {
            return new(o.IndexTarget == r.Green ? CuttingOver : r.CutOverAt is null ? r.Phase : RollingBack, TakeOverSwitch, RolloutReason.StateRestored,
                $"the state was restored from a backup of {r.Restored!.TakenAt:u}, and '{r.Index}' was switched after that, to {o.Token.Token} on {o.Token.Target}; taking that over", Soon);
        }

        var message = $"index '{r.Index}' was switched by someone else: its epoch token is {o.Token.Token}, this rollout expected {r.ExpectedToken}";
        if (r.Serving == Side.Blue && o.IndexTarget == r.Green)
        {
            return new(Paused, Wait, RolloutReason.SwitchNotOnRecord,
                $"{message}, and it serves this rollout's own {r.Green}: somebody switched by hand, or the state is older than Qdrant. "
                + "Point both aliases back, or restore the state from its latest backup with 'driftguard state restore', which takes the switch over", ByAndBy);
        }

        return r.Serving == Side.Green
            ? End(Completed, RolloutReason.Superseded, message)
            : Fail(o, RolloutReason.Superseded, message);
    }

    /// <summary>The latest pass is recent, in the right direction and empty; or enough were tried without a fence.</summary>
    private static bool FinalPassHolds(RolloutObservation o, Side source)
    {
        var r = o.Rollout;
        if (r.LastPass is not { KeepsCurrent: false } pass || pass.Source != source || (o.Now - pass.FinishedAt).Duration() > FinalPassValidity)
        {
            return false;
        }

        var afterLateWrites = !(r.LateWritesUntil > pass.StartedAt) || r.LateWritesUntil - pass.StartedAt > LongestLateness;
        var afterGate = source == Side.Green || pass.Number > r.Gate!.AfterPass;
        return afterLateWrites && afterGate && (pass.FoundNothing || pass.Round >= MaxPassesWithoutFence);
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

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
