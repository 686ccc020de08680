using Quartz;

namespace DriftGuard.Worker.Rollouts;

/// <summary>
/// Copies one partition. It needs nothing that could fail to be made: Quartz tells nobody of a job that it cannot construct, and the
/// rollout would wait for it.
/// </summary>
internal sealed class CopyPartitionJob(ICopyJobs jobs) : IJob
{
    public const string OrdinalKey = "ordinal";

    /// <summary>
    /// What starts one: due since ever, so that it begins at once wherever a clock has jumped to, and is never put off as having missed its time.
    /// </summary>
    /// <param name="key">The job's, where what starts it is to be found by it.</param>
    /// <param name="executionGroup">What a process' share of jobs is counted by; null where it is not.</param>
    public static ITrigger Due(JobKey? key = null, string? executionGroup = null)
    {
        var trigger = TriggerBuilder.Create().StartAt(DateTimeOffset.UnixEpoch).WithSimpleSchedule(schedule => schedule.WithMisfireInstruction(SimpleTriggerMisfireInstruction.IgnoreMisfires));
        if (key is not null)
        {
            trigger = trigger.WithIdentity(key.Name, key.Group);
        }

        return (executionGroup is null ? trigger : trigger.WithExecutionGroup(executionGroup)).Build();
    }

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await jobs.RunAsync(context.JobDetail.Key, context.MergedJobDataMap.GetInt(OrdinalKey), cancellationToken);
}
