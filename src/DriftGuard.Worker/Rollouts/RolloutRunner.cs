using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Rollouts.Cluster;

namespace DriftGuard.Worker.Rollouts;

/// <summary>How <see cref="RolloutRunner"/> runs.</summary>
public sealed record RolloutRun
{
    /// <summary>Called after each step with what was decided.</summary>
    public Action<RolloutDecision>? OnDecision { get; init; }

    /// <summary>Ends the run when true; otherwise it goes on until the rollout needs no more attention.</summary>
    public Func<RolloutDecision, bool> Until { get; init; } = _ => false;

    /// <summary>Called when a step failed, with the time until it is tried again.</summary>
    public Action<Exception, TimeSpan>? OnFailure { get; init; }

    /// <summary>Called when a step succeeded again after one or more failures.</summary>
    public Action? OnRecovery { get; init; }

    /// <summary>Consecutive failures after which the run gives up and throws; null never does.</summary>
    public int? GiveUpAfter { get; init; }
}

/// <summary>Runs a rollout step after step, in the foreground of a command or for the supervisor.</summary>
public sealed class RolloutRunner
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(30);

    // A request may come at any time, so no wait is longer than this; one that has ended is looked at less often.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWaitAfterTheEnd = TimeSpan.FromSeconds(15);

    private readonly RolloutReconciler reconciler;
    private readonly ICopyJobs copyJobs;
    private readonly RolloutLeases leases;
    private readonly StateStore state;
    private readonly IReadOnlyList<IRolloutMemory> memories;
    private readonly TimeProvider time;

    internal RolloutRunner(RolloutReconciler reconciler, ICopyJobs copyJobs, RolloutLeases leases, StateStore state, IEnumerable<IRolloutMemory> memories, TimeProvider time) =>
        (this.reconciler, this.copyJobs, this.leases, this.state, this.memories, this.time) = (reconciler, copyJobs, leases, state, [.. memories], time);

    /// <summary>Runs until the rollout needs no more attention, or <see cref="RolloutRun.Until"/> says so.</summary>
    /// <returns>The last decision; null if another process looks after the rollout, or has taken it over meanwhile.</returns>
    public async Task<RolloutDecision?> RunAsync(string rolloutId, RolloutRun run, CancellationToken cancellation)
    {
        await using var lease = await leases.TryTakeAsync(rolloutId, cancellation);
        if (lease is null)
        {
            return null;
        }

        using var running = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lease.Lost);
        try
        {
            var last = await LoopAsync(rolloutId, run, running.Token);
            if (last.LookAgainAfter is null)
            {
                Forget(rolloutId);
            }

            return last;
        }
        catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            // Should it come back here, another process has worked on it meanwhile.
            Forget(rolloutId);
            return null;
        }
        finally
        {
            await copyJobs.LeaveAsync(rolloutId);
        }
    }

    private async Task<RolloutDecision> LoopAsync(string rolloutId, RolloutRun run, CancellationToken cancellation)
    {
        var failures = 0;
        while (true)
        {
            StepResult step;
            try
            {
                step = await reconciler.StepAsync(rolloutId, cancellation);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                var again = ++failures < (run.GiveUpAfter ?? int.MaxValue) ? Backoff(failures) : (TimeSpan?)null;
                await RecordAsync(rolloutId, exception, failures, again, cancellation);
                if (again is not { } backoff)
                {
                    throw;
                }

                run.OnFailure?.Invoke(exception, backoff);
                await Task.Delay(backoff, time, cancellation);
                continue;
            }

            if (failures > 0 && step.FailureIsOver)
            {
                failures = 0;
                run.OnRecovery?.Invoke();
            }

            var decision = step.Decision;
            run.OnDecision?.Invoke(decision);
            if (decision.LookAgainAfter is not { } next || run.Until(decision))
            {
                return decision;
            }

            var wait = decision.Action == RolloutAction.Wait ? Shorter(next, decision.Phase.IsEnd() ? LongestWaitAfterTheEnd : LongestWait) : TimeSpan.Zero;
            await Task.Delay(wait, time, cancellation);
        }
    }

    private void Forget(string rolloutId)
    {
        foreach (var memory in memories)
        {
            memory.Forget(rolloutId);
        }
    }

    /// <summary>Everything that fails is tried again, more and more seldom: what mends it may be a person.</summary>
    private static TimeSpan Backoff(int failures) => Shorter(FirstBackoff * Math.Pow(2, Math.Min(failures - 1, 10)), LongestBackoff);

    private async Task RecordAsync(string rolloutId, Exception exception, int inARow, TimeSpan? again, CancellationToken cancellation)
    {
        try
        {
            var now = time.GetUtcNow();
            var copied = (await state.PartitionTotalsAsync(rolloutId, cancellation)).Copied;
            await state.SaveStepFailureAsync(rolloutId, new(StepFailures.Describe(exception), now, inARow, now + again, copied), cancellation);
        }
        catch (StateException)
        {
            // The state itself fails; whoever runs the rollout is told all the same.
        }
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
