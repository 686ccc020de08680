using Quartz;

namespace DriftGuard.Worker.Drift.Scheduling;

/// <summary>Wakes <see cref="DriftRetention"/> once a day.</summary>
[DisallowConcurrentExecution]
internal sealed class DriftRetentionJob(DriftRetention retention) : IJob
{
    public static JobKey Key { get; } = new("retention", "drift-retention");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await retention.PruneAsync(cancellationToken);
}
