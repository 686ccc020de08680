using DriftGuard.Core.Rollouts;
using DriftGuard.State;

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
    private readonly CopyJobs copyJobs;
    private readonly TimeProvider time;

    internal RolloutRunner(RolloutReconciler reconciler, CopyJobs copyJobs, TimeProvider time) =>
        (this.reconciler, this.copyJobs, this.time) = (reconciler, copyJobs, time);

    /// <summary>Runs until the rollout needs no more attention, or <see cref="RolloutRun.Until"/> says so.</summary>
    /// <returns>The last decision.</returns>
    public async Task<RolloutDecision> RunAsync(string rolloutId, RolloutRun run, CancellationToken cancellation)
    {
        try
        {
            return await LoopAsync(rolloutId, run, cancellation);
        }
        finally
        {
            // Copying does not outlive the run: nobody would look after it, and whoever stops would wait for it.
            await copyJobs.StopAsync(rolloutId, CancellationToken.None);
        }
    }

    private async Task<RolloutDecision> LoopAsync(string rolloutId, RolloutRun run, CancellationToken cancellation)
    {
        var failures = 0;
        while (true)
        {
            TimeSpan wait;
            try
            {
                var decision = await reconciler.StepAsync(rolloutId, cancellation);
                failures = 0;
                run.OnDecision?.Invoke(decision);
                if (decision.LookAgainAfter is not { } again || run.Until(decision))
                {
                    return decision;
                }

                wait = decision.Action == RolloutAction.Wait ? Shorter(again, decision.Phase.IsEnd() ? LongestWaitAfterTheEnd : LongestWait) : TimeSpan.Zero;
            }
            catch (Exception exception) when (Transient(exception) && !cancellation.IsCancellationRequested && ++failures < (run.GiveUpAfter ?? int.MaxValue))
            {
                wait = Shorter(FirstBackoff * Math.Pow(2, Math.Min(failures - 1, 10)), LongestBackoff);
                run.OnFailure?.Invoke(exception, wait);
            }

            await Task.Delay(wait, time, cancellation);
        }
    }

    /// <summary>What may be gone at the next try: an unreachable server, a full disk. Programming errors are not.</summary>
    private static bool Transient(Exception exception) =>
        exception is Qdrant.QdrantException or StateException or OperatorException or TimeoutException or IOException or OperationCanceledException;

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
