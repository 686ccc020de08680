using System.Collections.Concurrent;
using DriftGuard.State;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Rollouts;

/// <summary>Looks after every unfinished rollout for as long as the host runs, each by a loop of its own.</summary>
internal sealed partial class RolloutSupervisor(StateStore state, RolloutRunner runner, TimeProvider time, ILogger<RolloutSupervisor> log)
    : BackgroundService
{
    private static readonly TimeSpan LookForNew = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, Task> running = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await LookAfterAllAsync(stoppingToken);
                await Task.Delay(LookForNew, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(running.Values);
        }
    }

    private async Task LookAfterAllAsync(CancellationToken cancellation)
    {
        try
        {
            foreach (var rollout in await state.UnfinishedRolloutsAsync(cancellation))
            {
                if (!running.TryGetValue(rollout.Id, out var task) || task.IsCompleted)
                {
                    running[rollout.Id] = Task.Run(() => LookAfterAsync(rollout.Id, cancellation), CancellationToken.None);
                }
            }
        }
        catch (StateException exception)
        {
            LogStateUnreadable(log, exception.Message);
        }
    }

    private async Task LookAfterAsync(string rolloutId, CancellationToken cancellation)
    {
        try
        {
            await runner.RunAsync(rolloutId, new() { OnFailure = (failure, again) => LogStepFailed(log, rolloutId, failure.Message, again) }, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            LogStopped(log, rolloutId);
        }
        catch (Exception exception)
        {
            LogLoopFailed(log, rolloutId, exception);
        }
    }

    [LoggerMessage(5000, LogLevel.Warning, "Rollout {Rollout}: a step failed and is tried again in {Again}: {Failure}")]
    private static partial void LogStepFailed(ILogger log, string rollout, string failure, TimeSpan again);

    [LoggerMessage(5001, LogLevel.Error, "Rollout {Rollout}: its loop ended unexpectedly and is started again")]
    private static partial void LogLoopFailed(ILogger log, string rollout, Exception exception);

    [LoggerMessage(5002, LogLevel.Error, "Rollouts cannot be read, trying again: {Failure}")]
    private static partial void LogStateUnreadable(ILogger log, string failure);

    [LoggerMessage(5003, LogLevel.Information, "Rollout {Rollout}: stopped with the host; it goes on at the next start")]
    private static partial void LogStopped(ILogger log, string rollout);
}
