using DriftGuard.Core.Text;
using static DriftGuard.Core.Rollouts.RolloutAction;

namespace DriftGuard.Core.Rollouts;

/// <summary>
/// The last steps before a switch, to either side: hold writes, run passes until one finds nothing, switch. Whatever comes between, the
/// fence is lowered first.
/// </summary>
public static partial class RolloutDecider
{
    /// <summary>Fences that were lowered in vain, after which a person is asked.</summary>
    public const int MostFencesInVain = 5;

    /// <summary>A fence is raised once a pass found at most this share of what it compared: the passes under it are to be short.</summary>
    private const double LeftForTheFence = .001;

    /// <summary>So many points are compared and embedded by a small model in some seconds.</summary>
    private const long MostDirtyForTheFence = 2_000;

    /// <summary>The form of fence that a rollout uses; null where nothing holds writes.</summary>
    public static FenceKind? FenceKindOf(RolloutObservation o) => o.Rollout.Fence?.Kind ?? o.Rollout.Settings.Fence switch
    {
        FenceMode.Auto => o.Fence.HasWriteAlias ? FenceKind.Alias : null,
        FenceMode.Alias => FenceKind.Alias,
        FenceMode.StrictMode => FenceKind.StrictMode,
        FenceMode.Gateway => FenceKind.Gateway,
        _ => null,
    };

    /// <summary>
    /// Nothing that was sent is waited for longer than this: deadlines are shorter, and a time further ahead is of a clock that jumped.
    /// </summary>
    public static readonly TimeSpan LongestLateness = TimeSpan.FromMinutes(10);

    private static RolloutDecision SwitchFrom(RolloutObservation o, Side source, string reason)
    {
        var r = o.Rollout;
        var phase = source == Side.Blue ? RolloutPhase.CuttingOver : RolloutPhase.RollingBack;
        var pass = source == Side.Blue ? RunCatchUpPass : RunReversePass;
        var toSwitch = new RolloutDecision(
            phase, source == Side.Blue ? SwitchToGreen : SwitchToBlue, reason, $"switching '{r.Index}' to {(source == Side.Blue ? r.Green : r.Blue)}", Soon);
        if (AfterLateWrites(o, phase, "the final pass") is { } wait)
        {
            return wait;
        }

        if (FenceKindOf(o) is null)
        {
            return FinalPassHolds(o, source)
                ? toSwitch
                : new(phase, pass, reason, "final pass before the switch, while writes go on: nothing holds them", Soon);
        }

        if (r.Fence is not { } fence || !o.Fence.IsUp(fence))
        {
            return BeforeTheFence(o, source, phase, reason, pass);
        }

        if (r.LastPass is { } last && last.Fence == fence.Nonce && last.Source == source && last.FoundNothing)
        {
            return toSwitch;
        }

        var limit = fence.Limit(r.Settings);
        return (o.Now - fence.RaisedAt).Duration() > limit
            ? new(phase, LowerFence, RolloutReason.FenceTooLong, $"no pass found nothing within {DurationText.Format(limit)}; letting writes go on, and trying again later", Soon)
            : new(phase, pass, reason, "final pass under the write fence", Soon);
    }

    private static RolloutDecision? AfterLateWrites(RolloutObservation o, RolloutPhase phase, string what) =>
        o.Rollout.LateWritesUntil is { } until && o.Now < until && until - o.Now <= LongestLateness
            ? new(phase, Wait, RolloutReason.LateWrites,
                $"a write whose answer never came may still be applied until {until:u}; {what} comes after that", Earlier(until, o.Now + ByAndBy) - o.Now)
            : null;

    private static RolloutDecision BeforeTheFence(RolloutObservation o, Side source, RolloutPhase phase, string reason, RolloutAction pass)
    {
        var r = o.Rollout;
        if (r.FencesLowered >= MostFencesInVain && o.Requests.Resumed <= r.FenceLoweredAfterRequest)
        {
            return new(RolloutPhase.Paused, Wait, RolloutReason.FenceTooLong,
                $"{r.FencesLowered} times writes were held for {DurationText.Format(r.Settings.FenceLimit)} and no pass found nothing in that time: raise rollout.fenceLimit, "
                + "or have writers stop for a moment, then resume", ByAndBy);
        }

        if (r.FenceAgainAt is { } again && o.Now < again && again - o.Now <= LongestFencePause)
        {
            return new(phase, Wait, RolloutReason.FenceTooLong, $"writes go on until {again:u}, then they are held again", Earlier(again, o.Now + ByAndBy) - o.Now);
        }

        if (r.Fence is { } raising && o.Fence.HeldBy == raising.Nonce && (o.Now - raising.RaisedAt).Duration() > raising.Limit(r.Settings))
        {
            return new(phase, LowerFence, RolloutReason.FenceTooLong,
                $"a write through DriftGuard was still under way after {DurationText.Format(raising.Limit(r.Settings))}; letting writes go on, and trying again later", Soon);
        }

        var close = r.LastPass is { } last && last.Source == source && (source == Side.Green || last.Number > r.Gate!.AfterPass)
            && (o.Now - last.FinishedAt).Duration() <= FinalPassValidity
            && (last.Changes <= last.Compared * LeftForTheFence || last.Round >= MaxPassesWithoutFence);
        close |= source == Side.Green && IsKeptByOutbox(o);
        return close || r.Fence is not null
            ? new(phase, RaiseFence, reason, "holding writes for the final pass", Soon)
            : new(phase, pass, reason, "a pass while writes go on, so that the one under the fence is short", Soon);
    }

    /// <summary>
    /// Everything is written through DriftGuard, everything was compared since the cutover, and what its outbox still holds is carried under the fence in
    /// a moment: going back waits for no other pass.
    /// </summary>
    private static bool IsKeptByOutbox(RolloutObservation o) =>
        o.Rollout is { LastPass: { Source: Side.Green, Untold: 0 }, LastCarry: { } carry } && CatchUpPass.HasOutbox(o)
        && (o.Now - carry.At).Duration() <= FinalPassValidity && o.DirtyIds <= MostDirtyForTheFence;

    /// <summary>
    /// A fence that is up, or was recorded, while something else is to be done than to bring the switch to its end: writes go on first. Not
    /// while a switch is unsettled: it may still apply, and what is written to the old side after its last pass would be lost. Nor once the
    /// rollout has ended and another one has come after it, which looks after all fences of the index.
    /// </summary>
    private static RolloutDecision WithoutFence(RolloutObservation o, RolloutDecision next)
    {
        var r = o.Rollout;
        var any = r.Fence is not null || o.Fence.Aliases.Count > 0 || o.Fence.SyncAlias || o.Fence.HeldBy is not null;
        if (!any || (r.EndedAt is not null && o.HasSuccessor) || r.Switch is { Outcome: SwitchOutcome.Unknown } || UnderTheFence(o, next.Action))
        {
            return next;
        }

        return new(next.Ends ? r.Phase : next.Phase, LowerFence, next.Reason, $"letting writes go on: {next.Message}", Soon) { Failure = next.Failure };
    }

    /// <summary>What is done while the fence of the record, and no other, is up.</summary>
    private static bool UnderTheFence(RolloutObservation o, RolloutAction action) => action switch
    {
        LowerFence => true,

        // Beside one that nobody relies on, as a call that arrived late raises it, none is raised: the write alias is away already.
        RaiseFence => o.Fence.Aliases.Keys.Append(o.Fence.HeldBy).All(nonce => nonce is null || string.Equals(nonce, o.Rollout.Fence?.Nonce, StringComparison.Ordinal)),
        SwitchToGreen or SwitchToBlue or ConfirmSwitch or SettleSwitch or TakeOverSwitch => true,
        RunCatchUpPass or RunReversePass => o.Rollout.Fence is { } fence && o.Fence.IsUp(fence),
        _ => false,
    };
}
