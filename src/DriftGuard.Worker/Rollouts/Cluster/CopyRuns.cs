using System.Collections.Concurrent;
using DriftGuard.State;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Rollouts.Copying;
using Microsoft.Extensions.Logging;
using Quartz;

namespace DriftGuard.Worker.Rollouts.Cluster;

/// <summary>The jobs that run in this process. Each watches whether it is still wanted: by its own existence, and by what people ask of its rollout.</summary>
internal sealed partial class CopyRuns(CopyCluster cluster, StateStore state, PartitionCopying work, RevisionSource revisions, TimeProvider time, ILogger<CopyRuns> log)
    : IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<CopyRun, byte> running = new();
    private readonly CancellationTokenSource all = new();

    /// <inheritdoc/>
    public void Dispose() => all.Dispose();

    /// <summary>Tells the jobs of a rollout to stop.</summary>
    public void Stop(string rolloutId)
    {
        foreach (var run in running.Keys.Where(r => r.Key.Group == rolloutId))
        {
            run.Stop.Cancel();
        }
    }

    /// <summary>Stops all, for good, and waits until they have ended.</summary>
    public async Task StopAllAsync(CancellationToken cancellation)
    {
        await all.CancelAsync();
        await Task.WhenAll(running.Keys.Select(r => r.Ended.Task)).WaitAsync(cancellation);
    }

    /// <summary>Does a job's work. What it fails with is written down for whoever looks after the rollout.</summary>
    public async Task RunAsync(JobKey key, int ordinal, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, all.Token);
        var run = new CopyRun(key, stop);
        running[run] = 0;
        LogBegun(log, key.Group, ordinal);
        var watching = Task.CompletedTask;
        try
        {
            // One that waited for its turn while people asked for a pause begins nothing.
            await StopIfUnwantedAsync(run);
            stop.Token.ThrowIfCancellationRequested();
            watching = WatchAsync(run);
            // What this process writes must be higher than what one that died has written of the partition.
            await revisions.RenewAsync(stop.Token);
            await work.CopyAsync(key.Group, ordinal, stop.Token);
            LogEnded(log, key.Group, ordinal);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // The cursor stands at the last acknowledged batch, and somebody goes on from there if that is still wanted.
            LogLeft(log, key.Group, ordinal);
        }
        catch (Exception exception)
        {
            await FailAsync(key.Group, ordinal, exception);
        }
        finally
        {
            await stop.CancelAsync();
            await watching;
            running.TryRemove(run, out _);
            run.Ended.SetResult();
        }
    }

    private async Task FailAsync(string rolloutId, int ordinal, Exception exception)
    {
        if (!StepFailures.IsForPeople(exception))
        {
            LogFailed(log, rolloutId, ordinal, exception);
        }

        try
        {
            await state.SaveCopyFailureAsync(rolloutId, ordinal, StepFailures.Describe(exception), CancellationToken.None);
        }
        catch (StateException lost)
        {
            // Whoever looks after the rollout meets the same, or starts the job again.
            LogNotTold(log, rolloutId, ordinal, lost.Message);
        }
    }

    private async Task WatchAsync(CopyRun run)
    {
        while (!run.Stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(LookAgain, time, run.Stop.Token);
                await StopIfUnwantedAsync(run);
            }
            catch (OperationCanceledException) when (run.Stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is StateException or SchedulerException)
            {
                // The database is away. The job cannot move its cursor either, and ends by that.
            }
        }
    }

    private async Task StopIfUnwantedAsync(CopyRun run)
    {
        var scheduler = await cluster.SchedulerAsync(start: false, run.Stop.Token);
        if (await scheduler.GetJobDetail(run.Key, run.Stop.Token) is null || await state.RequestsAsync(run.Key.Group, run.Stop.Token) is { Pause: true } or { Abort: true })
        {
            await run.Stop.CancelAsync();
        }
    }

    [LoggerMessage(5050, LogLevel.Information, "Rollout {Rollout}: partition {Ordinal} is copied here")]
    private static partial void LogBegun(ILogger log, string rollout, int ordinal);

    [LoggerMessage(5051, LogLevel.Information, "Rollout {Rollout}: partition {Ordinal} is done here")]
    private static partial void LogEnded(ILogger log, string rollout, int ordinal);

    [LoggerMessage(5054, LogLevel.Information, "Rollout {Rollout}: partition {Ordinal} is left here, since it was told to stop")]
    private static partial void LogLeft(ILogger log, string rollout, int ordinal);

    [LoggerMessage(5052, LogLevel.Error, "Rollout {Rollout}: the copying of partition {Ordinal} failed unexpectedly; it is tried again")]
    private static partial void LogFailed(ILogger log, string rollout, int ordinal, Exception exception);

    [LoggerMessage(5053, LogLevel.Error, "Rollout {Rollout}: the copying of partition {Ordinal} failed, and that cannot be written down: {Failure}")]
    private static partial void LogNotTold(ILogger log, string rollout, int ordinal, string failure);

    private sealed class CopyRun(JobKey key, CancellationTokenSource stop)
    {
        public JobKey Key { get; } = key;

        public CancellationTokenSource Stop { get; } = stop;

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
