using System.Collections.Concurrent;
using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Loops;
using DriftGuard.Worker.Telemetry.Tracing;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Rollouts;

/// <summary>Looks after every unfinished rollout for as long as the host runs, each by a loop of its own.</summary>
internal sealed partial class RolloutSupervisor(StateStore state, RolloutRunner runner, TimeProvider time, ILogger<RolloutSupervisor> log) : ILoop
{
    private static readonly TimeSpan LookForNew = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, Task> running = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "rollouts";

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            await LookAfterAllAsync(stopping);
            await Task.Delay(LookForNew, time, stopping);
        }
    }

    /// <inheritdoc/>
    public Task EndAsync(CancellationToken cancellation) => Task.WhenAll(running.Values).WaitAsync(cancellation);

    private async Task LookAfterAllAsync(CancellationToken cancellation)
    {
        foreach (var ended in running.Where(one => one.Value.IsCompleted))
        {
            running.TryRemove(ended);
        }

        try
        {
            foreach (var rollout in await state.UnfinishedRolloutsAsync(cancellation))
            {
                if (!running.ContainsKey(rollout.Id))
                {
                    running[rollout.Id] = Task.Run(() => LookAfterAsync(rollout, cancellation), CancellationToken.None);
                }
            }
        }
        catch (StateException exception)
        {
            LogStateUnreadable(log, exception.Message);
        }
    }

    private async Task LookAfterAsync(Rollout rollout, CancellationToken cancellation)
    {
        using var trace = RolloutTrace.Enter(rollout.Green);
        var rolloutId = rollout.Id;
        string? told = null;
        (RolloutPhase Phase, string Reason)? stood = null;
        try
        {
            await runner.RunAsync(rolloutId, new() { OnDecision = Follow, OnFailure = Tell, OnRecovery = Recovered }, cancellation);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            // Also a step that failed in the moment of the stop.
            LogStopped(log, rolloutId);
        }
        catch (Exception exception)
        {
            LogLoopFailed(log, rolloutId, exception);
        }

        void Follow(RolloutDecision decision)
        {
            if (stood != (decision.Phase, decision.Reason))
            {
                stood = (decision.Phase, decision.Reason);
                LogPhase(log, rolloutId, decision.Phase, decision.Reason, decision.Message);
            }
        }

        // A failure that goes on is said once; 'rollout status' shows when it last happened.
        void Tell(Exception failure, TimeSpan again)
        {
            var message = StepFailures.Describe(failure);
            if (message == told)
            {
                return;
            }

            told = message;
            if (StepFailures.IsForPeople(failure))
            {
                LogStepFailed(log, rolloutId, message, again);
            }
            else
            {
                LogStepFailedUnexpectedly(log, rolloutId, message, again, failure);
            }
        }

        void Recovered()
        {
            told = null;
            LogRecovered(log, rolloutId);
        }
    }

    [LoggerMessage(5000, LogLevel.Warning, "Rollout {Rollout}: a step failed and is tried again in {Again}, then more and more seldom: {Failure}")]
    private static partial void LogStepFailed(ILogger log, string rollout, string failure, TimeSpan again);

    [LoggerMessage(5001, LogLevel.Error, "Rollout {Rollout}: its loop ended unexpectedly and is started again")]
    private static partial void LogLoopFailed(ILogger log, string rollout, Exception exception);

    [LoggerMessage(5002, LogLevel.Error, "Rollouts cannot be read, trying again: {Failure}")]
    private static partial void LogStateUnreadable(ILogger log, string failure);

    [LoggerMessage(5003, LogLevel.Information, "Rollout {Rollout}: stopped with the host; it goes on at the next start")]
    private static partial void LogStopped(ILogger log, string rollout);

    [LoggerMessage(5004, LogLevel.Error, "Rollout {Rollout}: a step failed and is tried again in {Again}, then more and more seldom: {Failure}")]
    private static partial void LogStepFailedUnexpectedly(ILogger log, string rollout, string failure, TimeSpan again, Exception exception);

    [LoggerMessage(5006, LogLevel.Information, "Rollout {Rollout}: {Phase} ({Reason}): {What}")]
    private static partial void LogPhase(ILogger log, string rollout, RolloutPhase phase, string reason, string what);

    [LoggerMessage(5005, LogLevel.Information, "Rollout {Rollout}: the step that failed has succeeded; it goes on")]
    private static partial void LogRecovered(ILogger log, string rollout);
}
