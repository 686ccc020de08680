using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Rollouts.Copying;
using Quartz;

namespace DriftGuard.Worker.Rollouts;

/// <summary>
/// The copying of partitions as Quartz jobs, one a partition. In one process they are derived again from the state at every start, so
/// nothing about them needs to be kept.
/// </summary>
internal sealed class CopyJobs(ISchedulerFactory schedulers, RolloutProgress progress, StateStore state, Qdrant.QdrantStore qdrant)
{
    private readonly ConcurrentDictionary<string, RolloutCopy> copies = new(StringComparer.Ordinal);

    /// <summary>Starts a job for each of these partitions that has none, as many at a time as the rollout allows.</summary>
    public async Task EnsureRunningAsync(Rollout rollout, IReadOnlyList<Partition> unfinished, CancellationToken cancellation)
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        if (!copies.TryGetValue(rollout.Id, out var copy))
        {
            copy = copies[rollout.Id] = new(CopyRate.Of(rollout.Settings));
            var all = await state.PartitionsAsync(rollout.Id, cancellation);
            progress.Begin(rollout.Id, "copying", (long)await qdrant.CountAsync(rollout.Blue, cancellationToken: cancellation), all.Sum(p => p.Copied));
        }

        var room = rollout.Settings.ConcurrentPartitions - copy.Running.Count;
        foreach (var partition in unfinished.Where(p => !copy.Running.ContainsKey(p.Ordinal)).Take(Math.Max(0, room)))
        {
            copy.Running[partition.Ordinal] = new(TaskCreationOptions.RunContinuationsAsynchronously);
            var job = JobBuilder.Create<CopyPartitionJob>()
                .WithIdentity(Guid.NewGuid().ToString("N"), rollout.Id)
                .UsingJobData(CopyPartitionJob.RolloutKey, rollout.Id)
                .UsingJobData(CopyPartitionJob.OrdinalKey, partition.Ordinal)
                .Build();
            await scheduler.ScheduleJob(job, TriggerBuilder.Create().StartNow().Build(), cancellationToken: cancellation);
        }
    }

    /// <summary>Waits until a job ends, or the time is over.</summary>
    /// <exception cref="Exception">What a job failed with since the last call.</exception>
    public async Task WaitForOneAsync(string rolloutId, TimeSpan atMost, CancellationToken cancellation)
    {
        if (!copies.TryGetValue(rolloutId, out var copy) || copy.Running.IsEmpty)
        {
            return;
        }

        await Task.WhenAny([.. copy.Running.Values.Select(j => j.Task), Task.Delay(atMost, cancellation)]);
        cancellation.ThrowIfCancellationRequested();
        foreach (var (ordinal, job) in copy.Running.Where(j => j.Value.Task.IsCompleted).ToList())
        {
            copy.Running.TryRemove(ordinal, out _);
            await job.Task;
        }
    }

    /// <summary>Stops a rollout's jobs and waits until they have ended.</summary>
    public async Task StopAsync(string rolloutId, CancellationToken cancellation)
    {
        if (!copies.TryGetValue(rolloutId, out var copy))
        {
            return;
        }

        await copy.Stop.CancelAsync();
        foreach (var job in copy.Running.Values)
        {
            await job.Task.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        cancellation.ThrowIfCancellationRequested();
        copies.TryRemove(rolloutId, out _);
        copy.Rate?.Dispose();
    }

    /// <summary>Cancelled when the rollout's jobs are to stop; also for a job that comes too late.</summary>
    public CancellationToken StopTokenOf(string rolloutId) =>
        copies.TryGetValue(rolloutId, out var copy) ? copy.Stop.Token : new CancellationToken(canceled: true);

    /// <summary>Called by a job when it has ended.</summary>
    public void Ended(string rolloutId, int ordinal, Exception? failure)
    {
        if (copies.TryGetValue(rolloutId, out var copy) && copy.Running.TryGetValue(ordinal, out var job))
        {
            _ = failure is null ? job.TrySetResult() : job.TrySetException(failure);
        }
    }

    /// <summary>What the jobs of a rollout share their rate by; null where there is no limit.</summary>
    public RateLimiter? RateOf(string rolloutId) => copies.TryGetValue(rolloutId, out var copy) ? copy.Rate : null;

    private sealed class RolloutCopy(RateLimiter? rate)
    {
        public RateLimiter? Rate { get; } = rate;

        public ConcurrentDictionary<int, TaskCompletionSource> Running { get; } = [];

        public CancellationTokenSource Stop { get; } = new();
    }
}

/// <summary>Copies one partition.</summary>
[DisallowConcurrentExecution]
internal sealed class CopyPartitionJob(StateStore state, PartitionCopier copier, ModelPool models, CopyJobs jobs) : IJob
{
    public const string RolloutKey = "rollout";
    public const string OrdinalKey = "ordinal";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var rolloutId = context.MergedJobDataMap.GetString(RolloutKey)!;
        var ordinal = context.MergedJobDataMap.GetInt(OrdinalKey);
        Exception? failure = null;
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, jobs.StopTokenOf(rolloutId));
            var rollout = await state.FindRolloutAsync(rolloutId, stop.Token);
            var index = await state.FindIndexAsync(rollout!.Index, stop.Token);
            await copier.CopyAsync(rollout, ordinal, index!.TextField, models.Get(rollout.ToModel, rollout.ToFingerprint), jobs.RateOf(rolloutId), stop.Token);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        jobs.Ended(rolloutId, ordinal, failure);
    }
}
