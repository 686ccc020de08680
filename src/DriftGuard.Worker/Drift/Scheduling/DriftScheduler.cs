using DriftGuard.Core.Indexes;
using DriftGuard.State;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Loops;
using DriftGuard.Worker.Rollouts.Cluster;
using Microsoft.Extensions.Logging;
using Quartz;

namespace DriftGuard.Worker.Drift.Scheduling;

/// <summary>
/// Keeps a Quartz job an enrolled index, with a trigger a schedule, for as long as the host runs. Nothing of it is kept: at every start it is
/// derived again from the configuration, and what was missed from the reports. When the host stops, the checks that run are cancelled and
/// waited for before Quartz stops.
/// </summary>
internal sealed partial class DriftScheduler(
    StateStore state, DriftChecks checks, ISchedulerFactory schedulers, DriftGuardOptions options, RolloutLeases leases, TimeProvider time,
    ILogger<DriftScheduler> log) : ILoop
{
    // What this process holds while the schedules are its own: one process of those that share a state keeps them.
    private const string Lease = "schedules:drift";
    private static readonly TimeSpan LookForIndexes = TimeSpan.FromMinutes(1);
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "drift_schedules";

    /// <inheritdoc/>
    public Task EndAsync(CancellationToken cancellation) => checks.StopAllAsync(cancellation);

    /// <summary>Schedules indexes that are new, and unschedules those that are gone.</summary>
    internal async Task FollowIndexesAsync(CancellationToken cancellation)
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        var enrolled = await state.ListIndexesAsync(cancellation);
        foreach (var index in enrolled.Where(i => !known.Contains(i.Name)))
        {
            await ScheduleAsync(scheduler, index, cancellation);
            known.Add(index.Name);
        }

        foreach (var gone in known.Except(enrolled.Select(i => i.Name), StringComparer.Ordinal).ToList())
        {
            await scheduler.DeleteJob(DriftCheckJob.KeyOf(gone), cancellation);
            await checks.RemoveAsync(gone, cancellation);
            known.Remove(gone);
            LogGone(log, gone);
        }
    }

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken stopping) =>
        leases.WhileHeldAsync(Lease, keeping => KeepAsync(keeping, stopping), failure => LogNotFollowed(log, failure.Message), stopping);

    /// <summary>Keeps the schedules for as long as they are this process'. Whoever keeps them next learns from the reports what is due.</summary>
    private async Task KeepAsync(CancellationToken keeping, CancellationToken stopping)
    {
        try
        {
            await ScheduleRetentionAsync(keeping);
            while (true)
            {
                try
                {
                    await FollowIndexesAsync(keeping);
                }
                catch (Exception exception) when (exception is StateException or SchedulerException)
                {
                    LogNotFollowed(log, exception.Message);
                }

                await Task.Delay(LookForIndexes, time, keeping);
            }
        }
        catch (Exception) when (!stopping.IsCancellationRequested)
        {
            await (await schedulers.GetScheduler(stopping)).Clear(stopping);
            await checks.StopAllAsync(stopping);
            known.Clear();
            throw;
        }
    }

    private async Task ScheduleAsync(IScheduler scheduler, IndexDefinition index, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var declared = options.Indexes.FirstOrDefault(i => i.Name == index.Name);
        var agenda = DriftAgenda.Begin(
            index.Name, index.CreatedAt, DriftSchedule.For(options.Drift, declared), options.Drift, await state.LastDriftChecksAsync(index.Name, cancellation), now);

        // One whose last year has passed has no time any more, and Quartz takes no such trigger.
        var entries = agenda.Entries.Where(e => e.Cron.GetNextValidTimeAfter(now) is not null).ToList();
        if (entries.Count == 0)
        {
            LogNothing(log, index.Name);
            return;
        }

        checks.Add(index.Name, agenda);
        var job = JobBuilder.Create<DriftCheckJob>().WithIdentity(DriftCheckJob.KeyOf(index.Name)).StoreDurably().Build();
        await scheduler.ScheduleJob(job, [.. entries.Select(e => TriggerOf(index.Name, e))], new() { Replace = true }, cancellation);
        LogScheduled(log, index.Name, string.Join(", ", entries.Select(e => e.Schedule.Name)), entries.Min(e => e.Cron.GetNextValidTimeAfter(now))!.Value);
        if (agenda.Due(now).Count > 0)
        {
            await scheduler.TriggerJob(job.Key, cancellation);
        }
    }

    private ITrigger TriggerOf(string index, AgendaEntry entry) => TriggerBuilder.Create()
        .WithIdentity(entry.Schedule.Name, $"{DriftCheckJob.Group}:{index}")
        .ForJob(DriftCheckJob.KeyOf(index))
        .WithSchedule(CronScheduleBuilder.Create(entry.Cron).WithMisfireInstruction(
            options.Drift.Misfire == MisfirePolicy.Skip ? CronTriggerMisfireInstruction.DoNothing : CronTriggerMisfireInstruction.FireAndProceed))
        .Build();

    private async Task ScheduleRetentionAsync(CancellationToken cancellation)
    {
        var job = JobBuilder.Create<DriftRetentionJob>().WithIdentity(DriftRetentionJob.Key).Build();
        var daily = TriggerBuilder.Create().StartNow().WithSimpleSchedule(s => s.WithInterval(TimeSpan.FromDays(1)).RepeatForever()).Build();
        await (await schedulers.GetScheduler(cancellation)).ScheduleJob(job, [daily], new() { Replace = true }, cancellation);
    }

    [LoggerMessage(5024, LogLevel.Information, "Index {Index}: checks for drift are scheduled ({Schedules}); the next time is {Next:u}")]
    private static partial void LogScheduled(ILogger log, string index, string schedules, DateTimeOffset next);

    [LoggerMessage(5025, LogLevel.Information, "Index {Index}: no checks for drift are scheduled")]
    private static partial void LogNothing(ILogger log, string index);

    [LoggerMessage(5026, LogLevel.Information, "Index {Index}: it is gone, and its checks for drift with it")]
    private static partial void LogGone(ILogger log, string index);

    [LoggerMessage(5027, LogLevel.Error, "Checks for drift cannot be scheduled, trying again: {Failure}")]
    private static partial void LogNotFollowed(ILogger log, string failure);
}
