using static DriftGuard.Core.Rollouts.RolloutAction;
using static DriftGuard.Core.Rollouts.RolloutPhase;

namespace DriftGuard.Core.Rollouts;

/// <summary>Where a spending cap holds a rollout.</summary>
public static partial class RolloutDecider
{
    /// <summary>
    /// What the cap allows is spent while there is something left to copy: the rollout stands until the cap is raised. Passes go on beyond it, since
    /// what was written meanwhile is little, and a rollout that stood still there would have spent its money for nothing.
    /// </summary>
    private static RolloutDecision? SpendingStop(RolloutObservation o)
    {
        var r = o.Rollout;
        if (o.Spending is not { IsSpent: true } spending || r.PartitionsPlanned == 0 || o.PartitionsDone == r.PartitionsPlanned)
        {
            return null;
        }

        var left = r.Estimate is { } estimate ? Math.Max(0, estimate.Tokens - spending.Tokens) : (double?)null;
        return new(Paused, Wait, RolloutReason.BudgetSpent,
            $"{spending.Text(left)}. {o.PartitionsDone} of {r.PartitionsPlanned} partitions are copied; raise the cap to go on: driftguard rollout throttle {r.Id} --money AMOUNT, or --money none", ByAndBy);
    }
}
