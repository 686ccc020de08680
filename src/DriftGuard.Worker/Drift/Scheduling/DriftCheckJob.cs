using Quartz;

namespace DriftGuard.Worker.Drift.Scheduling;

/// <summary>Wakes the checks of an index, which is the job's name. Quartz never runs it twice at a time for an index.</summary>
[DisallowConcurrentExecution]
internal sealed class DriftCheckJob(DriftChecks checks) : IJob
{
    public const string Group = "drift";

    public static JobKey KeyOf(string index) => new(index, Group);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await checks.RunAsync(context.JobDetail.Key.Name, context.ScheduledFireTimeUtc ?? context.FireTimeUtc, cancellationToken);
}
