using DriftGuard.State;
using DriftGuard.Worker.Configuration;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Drift.Scheduling;

/// <summary>Deletes what checks for drift have kept for long enough.</summary>
internal sealed partial class DriftRetention(StateStore state, DriftGuardOptions options, TimeProvider time, ILogger<DriftRetention> log)
{
    /// <summary>Deletes it. A failure is logged: the next day tries again.</summary>
    public async Task PruneAsync(CancellationToken cancellation)
    {
        var drift = options.Drift;
        var before = time.GetUtcNow() - drift.ReportRetention;
        try
        {
            var reports = await state.PruneDriftReportsAsync(before, cancellation);
            var baselines = await state.PruneDriftBaselinesAsync(drift.KeepBaselines, cancellation);
            var queries = await state.PruneQueriesAsync(drift.Queries.Days, cancellation);
            await state.PruneDriftUsageAsync(DateOnly.FromDateTime(before.UtcDateTime), cancellation);
            LogPruned(log, reports, baselines, queries);
        }
        catch (StateException exception)
        {
            LogFailed(log, exception.Message);
        }
    }

    [LoggerMessage(5022, LogLevel.Debug, "Old records of drift are deleted: {Reports} reports, {Baselines} baselines, {Queries} queries")]
    private static partial void LogPruned(ILogger log, int reports, int baselines, int queries);

    [LoggerMessage(5023, LogLevel.Error, "Old records of drift cannot be deleted, trying again tomorrow: {Failure}")]
    private static partial void LogFailed(ILogger log, string failure);
}
