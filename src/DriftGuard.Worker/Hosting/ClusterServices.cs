using DriftGuard.Worker.Rollouts;
using DriftGuard.Worker.Rollouts.Cluster;
using DriftGuard.Worker.Rollouts.Copying.Pacing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Quartz;

namespace DriftGuard.Worker.Hosting;

/// <summary>What copies where several processes share the state.</summary>
internal static class ClusterServices
{
    // A process that died is noticed after the interval and the threshold. Clocks may differ by about the threshold.
    private static readonly TimeSpan CheckIn = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Threshold = TimeSpan.FromSeconds(4);

    // Quartz asks no more seldom than this for jobs that another process has scheduled.
    private static readonly TimeSpan LookForJobs = TimeSpan.FromSeconds(1);

    /// <summary>Adds it; what is added here is not added by the engine again.</summary>
    /// <param name="services">The services.</param>
    /// <param name="connection">The shared PostgreSQL database.</param>
    /// <param name="instance">This process, by a name that no other has.</param>
    /// <param name="concurrentPartitions">The most partitions that one process copies at a time.</param>
    public static IServiceCollection AddCopyCluster(this IServiceCollection services, string connection, string instance, int concurrentPartitions)
    {
        services.AddQuartz(CopyCluster.Name, quartz =>
        {
            quartz.ConfigureScheduler(scheduler => (scheduler.InstanceId, scheduler.IdleWaitTime) = (instance, LookForJobs));
            quartz.UseDefaultThreadPool(EngineServices.JobsAtATime);
            quartz.UseExecutionLimits(limits => limits.ForGroup(ClusterCopyJobs.ExecutionGroup, concurrentPartitions));
            quartz.UsePersistentStore(store =>
            {
                // Quartz brings its own tables, as its version needs them; they begin with qrtz_.
                store.UsePostgres(NpgsqlFactory.Instance, connection);
                store.ProvisionSchema();
                store.UseClustering(cluster => (cluster.CheckinInterval, cluster.CheckinMisfireThreshold) = (CheckIn, Threshold));
            });
        });
        services.AddQuartzHostedService(CopyCluster.Name, options => (options.AutoStart, options.WaitForJobsToComplete) = (false, true));
        return services
            .AddSingleton<CopyCluster>()
            .AddSingleton<CopyRuns>()
            .AddSingleton<ICopyJobs, ClusterCopyJobs>()
            .AddSingleton<ClusterSharers>()
            .AddSingleton<ICopySharers>(s => s.GetRequiredService<ClusterSharers>());
    }
}
