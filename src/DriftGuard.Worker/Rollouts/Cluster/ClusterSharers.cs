using DriftGuard.Worker.Loops;
using DriftGuard.Worker.Rollouts.Copying.Pacing;
using Quartz;

namespace DriftGuard.Worker.Rollouts.Cluster;

/// <summary>Takes part in copying for as long as the host runs, and counts the processes that do: the rates of a rollout are divided among them.</summary>
internal sealed class ClusterSharers(CopyCluster cluster, TimeProvider time) : ILoop, ICopySharers
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);
    private volatile int processes = 1;

    /// <inheritdoc/>
    public string Name => "copy_sharers";

    public int Of(string rolloutId) => processes;

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                var scheduler = await cluster.SchedulerAsync(start: true, stopping);
                processes = await CopyCluster.ProcessesAsync(scheduler, stopping);
            }
            catch (Exception exception) when (exception is State.StateException or SchedulerException)
            {
                // The database is away: the count stays as it was.
            }

            await Task.Delay(LookAgain, time, stopping);
        }
    }
}
