using DriftGuard.Core.Rollouts.Merging;
using static DriftGuard.Core.Rollouts.RolloutAction;
using static DriftGuard.Core.Rollouts.RolloutPhase;

namespace DriftGuard.Core.Rollouts;

/// <summary>After a switch without a fence, and before anything else: what was still written to the old side is carried over, once.</summary>
public static partial class RolloutDecider
{
    /// <summary>Null where nothing is to be merged, any more or at all. One who asks for the way back does not wait for writers.</summary>
    private static RolloutDecision? MergeLate(RolloutObservation o)
    {
        var r = o.Rollout;
        var (phase, from, to, isThere) = r.Serving == Side.Green ? (CuttingOver, r.Blue, r.Green, o.BlueExists) : (RollingBack, r.Green, r.Blue, o.GreenExists);
        if (r.Merge is not { DoneAt: null, DueAt: var due } || !isThere)
        {
            return null;
        }

        var hurry = r.Serving == Side.Green && o.Requests.Rollback;
        return o.Now < due && due - o.Now <= LateWriteMerge.LongestNotice && !hurry
            ? new(phase, Wait, RolloutReason.MergingLateWrites,
                $"'{r.Index}' is served by {to}; nothing held writes, so what still reaches {from} until {due:u} is carried over then", Earlier(due, o.Now + ByAndBy) - o.Now)
            : AfterLateWrites(o, phase, "the merge")
                ?? new(phase, MergeLateWrites, RolloutReason.MergingLateWrites, $"carrying over to {to} what was written to {from} around the switch, where {to} has not changed since", Soon);
    }
}
