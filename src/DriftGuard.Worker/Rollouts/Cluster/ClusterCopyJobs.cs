using System.Globalization;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;
using Quartz;

namespace DriftGuard.Worker.Rollouts.Cluster;

/// <summary>
/// The jobs where several processes share the state: whoever looks after the rollout sees that each unfinished partition has one, and any
/// process runs it. A job's key is the rollout and the position, so a partition never has two; Quartz gives those of a process that died to
/// the others; one that is deleted stops wherever it runs.
/// </summary>
internal sealed class ClusterCopyJobs(CopyCluster cluster, CopyRuns runs, RolloutProgress progress, StateStore state, QdrantStore qdrant, TimeProvider time) : ICopyJobs
{
    /// <summary>What a process' share of jobs is counted by.</summary>
    public const string ExecutionGroup = "copy";

    // A job notices its deletion within a second, and ends with the call that it is in; one of a process that died is cleared away in about ten.
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(60);
    // Jobs that wait for each that runs: a process that ends one finds its next there, and need not wait until somebody looks. How many
    // it runs at a time is its own limit.
    private const int JobsAhead = 1;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public async Task EnsureRunningAsync(Rollout rollout, CancellationToken cancellation)
    {
        var scheduler = await cluster.SchedulerAsync(start: true, cancellation);
        await ShowAsync(rollout, cancellation);
        var there = (await scheduler.GetJobKeys(GroupMatcher<JobKey>.GroupEquals(rollout.Id), cancellation)).ToHashSet();
        var wanted = rollout.Settings.ConcurrentPartitions * await CopyCluster.ProcessesAsync(scheduler, cancellation) * (1 + JobsAhead);
        var room = Math.Max(0, wanted - there.Count);
        var unfinished = room == 0 ? [] : await state.UnfinishedPartitionsAsync(rollout.Id, wanted, cancellation);
        foreach (var partition in unfinished.Where(p => !there.Contains(KeyOf(p))).Take(room))
        {
            var job = CopyPartitionJob.Of(KeyOf(partition), rollout, partition.Ordinal, recovers: true);
            var trigger = CopyPartitionJob.Due(job.Key, ExecutionGroup);
            try
            {
                await scheduler.ScheduleJob(job, trigger, cancellationToken: cancellation);
            }
            catch (ObjectAlreadyExistsException)
            {
                // A process that looked after the rollout before has scheduled it in this moment.
            }
        }
    }

    /// <inheritdoc/>
    public async Task WaitAsync(string rolloutId, TimeSpan atMost, CancellationToken cancellation)
    {
        await Task.Delay(atMost, time, cancellation);
        if (await state.TakeCopyFailuresAsync(rolloutId, cancellation) is [var first, ..])
        {
            throw new OperatorException(OperatorError.Conflict, first);
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(string rolloutId, CancellationToken cancellation)
    {
        var scheduler = await cluster.SchedulerAsync(start: false, cancellation);
        runs.Stop(rolloutId);
        await scheduler.DeleteJobs(GroupMatcher<JobKey>.GroupEquals(rolloutId), cancellation);
        for (var began = time.GetTimestamp(); await IsAnyRunningAsync(scheduler, rolloutId, cancellation);)
        {
            if (time.GetElapsedTime(began) > LongestStop)
            {
                throw new TimeoutException($"{rolloutId}: a copying job of another process does not stop; look at that process, or end it");
            }

            await Task.Delay(LookAgain, time, cancellation);
        }
    }

    /// <summary>The jobs go on: whoever looks after the rollout next finds them.</summary>
    public Task LeaveAsync(string rolloutId) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAllAsync(CancellationToken cancellation) => runs.StopAllAsync(cancellation);

    /// <inheritdoc/>
    public Task RunAsync(JobKey key, int ordinal, CancellationToken cancellation) => runs.RunAsync(key, ordinal, cancellation);

    private static JobKey KeyOf(Partition partition) => new(partition.Ordinal.ToString("D5", CultureInfo.InvariantCulture), partition.RolloutId);

    private static async Task<bool> IsAnyRunningAsync(IScheduler scheduler, string rolloutId, CancellationToken cancellation)
    {
        var firing = await scheduler.QueryFireInstances(new() { Take = int.MaxValue }, cancellation);
        return firing.Items.Any(f => f.JobKey?.Group == rolloutId);
    }

    /// <summary>What other processes have copied is shown as well.</summary>
    private async Task ShowAsync(Rollout rollout, CancellationToken cancellation)
    {
        var copied = (await state.PartitionTotalsAsync(rollout.Id, cancellation)).Copied;
        if (progress.Now(rollout.Id) is not { What: Copying } now)
        {
            progress.Begin(rollout.Id, Copying, (long)await qdrant.CountAsync(rollout.Blue, cancellationToken: cancellation), copied);
        }
        else
        {
            progress.Advance(rollout.Id, copied - now.Done);
        }
    }

    private const string Copying = "copying";
}
