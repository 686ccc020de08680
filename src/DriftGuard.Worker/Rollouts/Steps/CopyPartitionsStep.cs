using DriftGuard.Core.Rollouts;
using DriftGuard.State;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>Sees that a job runs for each unfinished partition, and waits a little for them.</summary>
internal sealed class CopyPartitionsStep(StateStore state, CopyJobs jobs) : IRolloutStep
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.CopyPartitions];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var rollout = seen.Rollout;
        var unfinished = (await state.PartitionsAsync(rollout.Id, cancellation)).Where(p => !p.Done).ToList();
        await jobs.EnsureRunningAsync(rollout, unfinished, cancellation);
        await jobs.WaitForOneAsync(rollout.Id, LookAgain, cancellation);
        return rollout;
    }
}
