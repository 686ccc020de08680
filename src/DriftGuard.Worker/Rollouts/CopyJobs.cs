using System.Collections.Concurrent;
using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Rollouts.Copying;
using Quartz;

namespace DriftGuard.Worker.Rollouts;

/// <summary>
/// The jobs where one process has the state for itself. They are derived again from the state at every start, so
/// nothing about them needs to be kept. A job that ends has the next one started, so that its place need not wait until somebody looks.
/// </summary>
internal sealed class CopyJobs(ISchedulerFactory schedulers, RolloutProgress progress, StateStore state, Qdrant.QdrantStore qdrant, PartitionCopying work) : ICopyJobs
{
    private readonly ConcurrentDictionary<string, RolloutCopy> copies = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task EnsureRunningAsync(Rollout rollout, CancellationToken cancellation)
    {
        if (!copies.TryGetValue(rollout.Id, out var copy))
        {
            copy = copies[rollout.Id] = new(rollout);
            var before = (await state.PartitionTotalsAsync(rollout.Id, cancellation)).Copied;
            progress.Begin(rollout.Id, "copying", (long)await qdrant.CountAsync(rollout.Blue, cancellationToken: cancellation), before);
        }

        copy.AtATime = rollout.Settings.ConcurrentPartitions;
        await FillAsync(copy, cancellation);
    }

    /// <summary>Starts jobs until as many run as may.</summary>
    private async Task FillAsync(RolloutCopy copy, CancellationToken cancellation)
    {
        var rolloutId = copy.Rollout.Id;
        await copy.Filling.WaitAsync(cancellation);
        try
        {
            var room = copy.Stop.IsCancellationRequested ? 0 : Math.Max(0, copy.AtATime - copy.Running.Count(job => !job.Value.Ended.Task.IsCompleted));
            var unfinished = room == 0 ? [] : await state.UnfinishedPartitionsAsync(rolloutId, copy.Running.Count + room, cancellation);
            foreach (var partition in unfinished.Where(p => !copy.Running.ContainsKey(p.Ordinal)).Take(room))
            {
                await StartAsync(new(Guid.NewGuid().ToString("N"), rolloutId), copy, partition.Ordinal, cancellation);
            }
        }
        finally
        {
            copy.Filling.Release();
        }
    }

    private async Task StartAsync(JobKey key, RolloutCopy copy, int ordinal, CancellationToken cancellation)
    {
        copy.Running[ordinal] = new(key);
        try
        {
            var scheduler = await schedulers.GetScheduler(cancellation);
            var job = CopyPartitionJob.Of(key, copy.Rollout, ordinal);
            await scheduler.ScheduleJob(job, CopyPartitionJob.Due(), cancellationToken: cancellation);
        }
        catch
        {
            // Nothing would ever end it: the partition would not be scheduled again, and a stop would wait for it.
            copy.Running.TryRemove(ordinal, out _);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task WaitAsync(string rolloutId, TimeSpan atMost, CancellationToken cancellation)
    {
        if (!copies.TryGetValue(rolloutId, out var copy))
        {
            return;
        }

        // A job that has ended well has been followed by the next one: there is no need to look before the time is over.
        var over = Task.Delay(atMost, cancellation);
        while (!over.IsCompleted && !copy.Running.Values.Any(job => job.Ended.Task.IsFaulted)
            && copy.Running.Values.Select(job => job.Ended.Task).Where(job => !job.IsCompleted).ToList() is { Count: > 0 } running)
        {
            await Task.WhenAny([.. running, over]);
        }

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
        await copy.Filling.WaitAsync(cancellation); // no more are started from here on
        copy.Filling.Release();
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
            await FillAsync(copy, stop.Token);
        }
        catch (Exception exception)
        {
            // Where it is the next one that could not be started, whoever looks next starts it, or meets the same.
            job.Ended.TrySetException(exception);
        }
    }

    private sealed class RolloutCopy(Rollout rollout)
    {
        /// <summary>The rollout, as it was when the copying began here.</summary>
        public Rollout Rollout { get; } = rollout;

        public ConcurrentDictionary<int, CopyJob> Running { get; } = [];

        public CancellationTokenSource Stop { get; } = new();

        /// <summary>How many may run.</summary>
        public int AtATime { get; set; }

        /// <summary>One fills the places at a time.</summary>
        public SemaphoreSlim Filling { get; } = new(1);
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
