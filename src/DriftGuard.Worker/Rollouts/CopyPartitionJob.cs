using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Telemetry.Tracing;
using Quartz;

namespace DriftGuard.Worker.Rollouts;

/// <summary>
/// Copies one partition. It needs nothing that could fail to be made: Quartz tells nobody of a job that it cannot construct, and the
/// rollout would wait for it.
/// </summary>
internal sealed class CopyPartitionJob(ICopyJobs jobs) : IJob
{
    private const string OrdinalKey = "ordinal";
    private const string GreenKey = "green";

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

    /// <summary>The job of a partition.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="rollout">The rollout.</param>
    /// <param name="ordinal">The partition's position.</param>
    /// <param name="recovers">Whether another process runs it again where the one that did has died.</param>
    public static IJobDetail Of(JobKey key, Rollout rollout, int ordinal, bool recovers = false) =>
        JobBuilder.Create<CopyPartitionJob>().WithIdentity(key).RequestRecovery(recovers).UsingJobData(OrdinalKey, ordinal).UsingJobData(GreenKey, rollout.Green).Build();

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        // One that an earlier version has scheduled does not know it.
        using var trace = context.MergedJobDataMap.TryGetString(GreenKey, out var green) && green is not null ? RolloutTrace.Enter(green) : null;
        await jobs.RunAsync(context.JobDetail.Key, context.MergedJobDataMap.GetInt(OrdinalKey), cancellationToken);
    }
}
