using DriftGuard.State;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace DriftGuard.Worker.Rollouts.Cluster;

/// <summary>
/// The Quartz scheduler that the processes on one database share. Until it is started this process takes part in nothing: a command that
/// only asks must not take a partition and leave.
/// </summary>
internal sealed class CopyCluster([FromKeyedServices(CopyCluster.Name)] ISchedulerFactory schedulers, StateStore state) : IDisposable
{
    /// <summary>The scheduler's name, and the key of its services.</summary>
    public const string Name = "driftguard-copy";

    private readonly SemaphoreSlim one = new(1);
    private IScheduler? scheduler;
    private bool started;

    /// <summary>The scheduler. Its tables are made where they are missing, by one process at a time.</summary>
    public async Task<IScheduler> SchedulerAsync(bool start, CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation);
        try
        {
            if (scheduler is null)
            {
                await using var alone = await state.LockSchemaAsync(cancellation);
                scheduler = await schedulers.GetScheduler(cancellation);
            }

            if (start && !started)
            {
                await scheduler.Start(cancellation);
                started = true;
            }

            return scheduler;
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>How many processes take part, at least one: those that are not known to have died.</summary>
    public static async Task<int> ProcessesAsync(IScheduler scheduler, CancellationToken cancellation) =>
        Math.Max(1, (await scheduler.QueryClusterNodes(cancellation)).Count(node => node.State is not ClusterNodeState.Failed));

    public void Dispose() => one.Dispose();
}
