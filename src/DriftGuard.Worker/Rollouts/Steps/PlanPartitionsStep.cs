using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Rollouts.Copying;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>Samples the partition boundaries once and persists them; they are never sampled again.</summary>
internal sealed class PlanPartitionsStep(PartitionPlanner planner, StateStore state) : IRolloutStep
{
    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.PlanPartitions];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var rollout = seen.Rollout;
        var planned = await planner.PlanAsync(rollout, cancellation);
        var persisted = await state.AddPartitionsAsync(rollout.Id, planned, cancellation);
        return rollout with { PartitionsPlanned = persisted.Count };
    }
}
