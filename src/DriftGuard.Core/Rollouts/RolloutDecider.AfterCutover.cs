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
        if (o.Now >= until)
        {
            return End(Completed, RolloutReason.Retaining, $"{r.Index} is served by {r.ToModel}; {r.Blue} is kept for {DurationText.Format(r.Settings.Retention)} and can be rolled back to");
        }

        var nextCheck = (r.LastSoakCheck?.At ?? r.CutOverAt.Value) + r.Settings.EffectiveSoakCheckInterval;
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

        return SwitchFrom(o, Side.Green, reason);
    }
}
