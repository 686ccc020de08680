using DriftGuard.Worker.Rollouts.Copying.Pacing;
using Microsoft.Extensions.Hosting;
using Quartz;

namespace DriftGuard.Worker.Rollouts.Cluster;

/// <summary>Takes part in copying for as long as the host runs, and counts the processes that do: the rates of a rollout are divided among them.</summary>
internal sealed class ClusterSharers(CopyCluster cluster, TimeProvider time) : BackgroundService, ICopySharers
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);
    private volatile int processes = 1;

    public int Of(string rolloutId) => processes;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                var scheduler = await cluster.SchedulerAsync(start: true, stoppingToken);
                processes = await CopyCluster.ProcessesAsync(scheduler, stoppingToken);
            }
            catch (Exception exception) when (exception is State.StateException or SchedulerException)
            {
                // The database is away: the count stays as it was.
            }

            await Task.Delay(LookAgain, time, stoppingToken);
        }
    }
}
