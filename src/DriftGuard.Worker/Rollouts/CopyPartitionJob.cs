using Quartz;

namespace DriftGuard.Worker.Rollouts;

/// <summary>
/// Copies one partition. It needs nothing that could fail to be made: Quartz tells nobody of a job that it cannot construct, and the
/// rollout would wait for it.
/// </summary>
internal sealed class CopyPartitionJob(ICopyJobs jobs) : IJob
{
    public const string OrdinalKey = "ordinal";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await jobs.RunAsync(context.JobDetail.Key, context.MergedJobDataMap.GetInt(OrdinalKey), cancellationToken);
}
