using System.Collections.Concurrent;
using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Rollouts.Copying;
using Quartz;

namespace DriftGuard.Worker.Rollouts;

/// <summary>
/// The jobs where one process has the state for itself. They are derived again from the state at every start, so
/// nothing about them needs to be kept.
/// </summary>
internal sealed class CopyJobs(ISchedulerFactory schedulers, RolloutProgress progress, StateStore state, Qdrant.QdrantStore qdrant, PartitionCopying work) : ICopyJobs
{
    private readonly ConcurrentDictionary<string, RolloutCopy> copies = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task EnsureRunningAsync(Rollout rollout, CancellationToken cancellation)
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        if (!copies.TryGetValue(rollout.Id, out var copy))
        {
            copy = copies[rollout.Id] = new();
            var before = (await state.PartitionTotalsAsync(rollout.Id, cancellation)).Copied;
            progress.Begin(rollout.Id, "copying", (long)await qdrant.CountAsync(rollout.Blue, cancellationToken: cancellation), before);
        }

        var atATime = rollout.Settings.ConcurrentPartitions;
        var room = Math.Max(0, atATime - copy.Running.Count);
        var unfinished = room == 0 ? [] : await state.UnfinishedPartitionsAsync(rollout.Id, atATime, cancellation);
        foreach (var partition in unfinished.Where(p => !copy.Running.ContainsKey(p.Ordinal)).Take(room))
        {
            var key = new JobKey(Guid.NewGuid().ToString("N"), rollout.Id);
            copy.Running[partition.Ordinal] = new(key);
            try
            {
                var job = JobBuilder.Create<CopyPartitionJob>().WithIdentity(key).UsingJobData(CopyPartitionJob.OrdinalKey, partition.Ordinal).Build();
                await scheduler.ScheduleJob(job, CopyPartitionJob.Due(), cancellationToken: cancellation);
            }
            catch
            {
                // Nothing would ever end it: the partition would not be scheduled again, and a stop would wait for it.
                copy.Running.TryRemove(partition.Ordinal, out _);
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public async Task WaitForOneAsync(string rolloutId, TimeSpan atMost, CancellationToken cancellation)
    {
        if (!copies.TryGetValue(rolloutId, out var copy) || copy.Running.IsEmpty)
        {
            return;
        }

        await Task.WhenAny([.. copy.Running.Values.Select(j => j.Ended.Task), Task.Delay(atMost, cancellation)]);
        cancellation.ThrowIfCancellationRequested();
        var ended = copy.Running.Where(j => j.Value.Ended.Task.IsCompleted).ToList();
        foreach (var (ordinal, _) in ended)
        {
            copy.Running.TryRemove(ordinal, out _);
        }

        // All at once: a server that goes away fails every job, and that is one failure.
        await Task.WhenAll(ended.Select(j => j.Value.Ended.Task));
    }

    /// <inheritdoc/>
    public async Task StopAsync(string rolloutId, CancellationToken cancellation)
    {
        if (!copies.TryGetValue(rolloutId, out var copy))
        {
            return;
        }

        await copy.Stop.CancelAsync();
        foreach (var job in copy.Running.Values)
        {
            if (job.TryBegin())
            {
                // Quartz has not begun it. If it ever does, the job finds itself taken.
                job.Ended.TrySetResult();
            }

            await job.Ended.Task.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        cancellation.ThrowIfCancellationRequested();
        copies.TryRemove(rolloutId, out _);
    }

    /// <summary>Copying does not outlive the run: nobody would look after it, and whoever stops would wait for it.</summary>
    public Task LeaveAsync(string rolloutId) => StopAsync(rolloutId, CancellationToken.None);

    /// <inheritdoc/>
    public Task StopAllAsync(CancellationToken cancellation) => Task.WhenAll(copies.Keys.Select(rolloutId => StopAsync(rolloutId, cancellation)));

    /// <summary>Does a job's work, unless it was given up before Quartz began it.</summary>
    public async Task RunAsync(JobKey key, int ordinal, CancellationToken cancellation)
    {
        if (!copies.TryGetValue(key.Group, out var copy) || !copy.Running.TryGetValue(ordinal, out var job) || !job.Key.Equals(key) || !job.TryBegin())
        {
            return;
        }

        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, copy.Stop.Token);
            await work.CopyAsync(key.Group, ordinal, stop.Token);
            job.Ended.TrySetResult();
        }
        catch (Exception exception)
        {
            job.Ended.TrySetException(exception);
        }
    }

    private sealed class RolloutCopy
    {
        public ConcurrentDictionary<int, CopyJob> Running { get; } = [];

        public CancellationTokenSource Stop { get; } = new();
    }

    private sealed class CopyJob(JobKey key)
    {
        private int begun;

        public JobKey Key { get; } = key;

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>True for the first who asks: either Quartz, to run it, or who gives it up.</summary>
        public bool TryBegin() => Interlocked.CompareExchange(ref begun, 1, 0) == 0;
    }
}
