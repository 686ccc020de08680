using DriftGuard.Core.Text;
using static DriftGuard.Core.Rollouts.RolloutAction;
using static DriftGuard.Core.Rollouts.RolloutPhase;

namespace DriftGuard.Core.Rollouts;

/// <summary>While green serves: watch it, and go back where that is asked for or needed.</summary>
public static partial class RolloutDecider
{
    private static RolloutDecision AfterCutover(RolloutObservation o)
    {
        var r = o.Rollout;
        if (MergeLate(o) is { } merge)
        {
            return merge;
        }

        if (Stragglers(o) is { } look)
        {
            return look;
        }

        if (o.Requests.Rollback || r.LastSoakCheck is { Breach: true })
        {
            return RollBack(o);
        }

        var until = r.CutOverAt!.Value + r.Settings.Soak;
        if (o.Now >= until || o.Requests.Promote)
        {
            return End(Completed, RolloutReason.Retaining, $"{r.Index} is served by {r.ToModel}; {r.Blue} can be rolled back to for {DurationText.Format(r.Settings.Retention)}, and is then removed for good{AfterSnapshot(r)}");
        }

        var nextCheck = (r.LastSoakCheck?.At ?? r.CutOverAt.Value) + r.Settings.EffectiveSoakCheckInterval;
        return o.Now >= nextCheck
            ? new(Soaking, CheckSoak, RolloutReason.Watching, "judging the serving collection by the calibration set and by its searches", Soon)
            : KeepBlueCurrent(o, until) ?? new(Soaking, Wait, RolloutReason.Watching, $"watched until {until:u}", Earlier(until, nextCheck) - o.Now);
    }

    /// <summary>
    /// In the soak what is written to green is brought to blue as well, so that going back takes a moment: what went through DriftGuard as its outbox tells
    /// it, and what was written past it by comparing everything now and then.
    /// </summary>
    private static RolloutDecision? KeepBlueCurrent(RolloutObservation o, DateTimeOffset until)
    {
        var r = o.Rollout;
        if (!o.BlueExists)
        {
            return null;
        }

        var last = r.LastPass is { Source: Side.Green } pass ? pass : null;
        var took = last is null ? TimeSpan.Zero : (last.FinishedAt - last.StartedAt).Duration();
        var next = (last?.FinishedAt ?? r.CutOverAt!.Value) + Later(r.Settings.EffectiveSoakCheckInterval, took * PassesPause);
        if (o.Now >= next && next < until)
        {
            return new(Soaking, RunReversePass, RolloutReason.Watching, "comparing everything, to keep the old collection current", Soon);
        }

        // What stands parked stays marked: it is tried again now and then, not all the time.
        var pause = r.LastCarry is { Parked: > 0 } stuck && o.DirtyIds <= stuck.Parked ? r.Settings.EffectiveSoakCheckInterval : BetweenCarries;
        return o.DirtyIds > 0 && !(o.Now - r.LastCarry?.At < pause)
            ? new(Soaking, CarryWrites, RolloutReason.Watching, "keeping the old collection current", Soon)
            : null;
    }

    private static string ReasonOfRollback(RolloutObservation o) =>
        o.Requests.Rollback ? RolloutReason.RollbackRequested : o.Rollout.Switch is { Found: true, To: Side.Blue } ? RolloutReason.StateRestored : RolloutReason.SoakBreach;

    private static RolloutDecision RollBack(RolloutObservation o)
    {
        var r = o.Rollout;
        var reason = ReasonOfRollback(o);
        if (!o.BlueExists)
        {
            return End(Completed, RolloutReason.RollbackImpossible, $"cannot roll back: {r.Blue} was removed; '{r.Index}' stays on {r.ToModel}");
        }

        return SwitchFrom(o, Side.Green, reason);
    }

    /// <summary>Why it went back, for people: with the figures of a breach.</summary>
    private static string WhyRolledBack(RolloutObservation o) =>
        !o.Requests.Rollback && o.Rollout.LastSoakCheck is { Breach: true, Message: var why } ? $": {why}" : "";
}
