using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Telemetry.Metrics;

namespace DriftGuard.Worker.Telemetry.Tracing;

/// <summary>Traces and measures the actions of rollouts.</summary>
internal sealed class RolloutActions(DriftGuardMetrics metrics, TimeProvider time)
{
    /// <summary>The key of the action.</summary>
    public const string Action = "driftguard.rollout.action";

    /// <summary>Does an action as a span of its rollout's trace.</summary>
    public async Task<Rollout> RunAsync(RolloutObservation seen, RolloutAction action, Func<Task<Rollout>> act)
    {
        var (began, at, rollout) = (time.GetTimestamp(), time.GetUtcNow(), seen.Rollout);
        using var span = IsRepeated(seen, action) ? null : RolloutTrace.Begin(NameOf(action), rollout);
        span?.SetTag(Action, action.ToString());
        try
        {
            Rollout after;
            using (CallsManyTimes(action) ? RolloutTrace.Enter(rollout.Green, span) : null)
            {
                after = await act();
            }

            span?.SetTag(Spans.Outcome, Spans.Ok);
            metrics.Acted(action.ToString(), Spans.Ok, time.GetElapsedTime(began));
            return after;
        }
        catch (Exception failure)
        {
            using var late = span is null ? RolloutTrace.Begin(NameOf(action), rollout, at)?.SetTag(Action, action.ToString()) : null;
            (span ?? late)?.Failed(failure);
            metrics.Acted(action.ToString(), failure is OperationCanceledException ? Spans.Stopped : Spans.Failure, time.GetElapsedTime(began));
            throw;
        }
    }

    private static string NameOf(RolloutAction action) => $"rollout {action}";

    /// <summary>What is done again and again for as long as something lasts: the first time is a span, and each that fails.</summary>
    private static bool IsRepeated(RolloutObservation seen, RolloutAction action) => action switch
    {
        RolloutAction.CopyPartitions => seen.Rollout.Copying is not null,
        RolloutAction.CarryWrites => seen.Rollout.LastCarry is not null,
        _ => false,
    };

    /// <summary>What calls Qdrant, the state or a model once for every few points: those calls are measured, and not traced.</summary>
    private static bool CallsManyTimes(RolloutAction action) => action is RolloutAction.RunPreflight or RolloutAction.CopyPartitions or RolloutAction.RunCatchUpPass
        or RolloutAction.Evaluate or RolloutAction.CheckSoak or RolloutAction.CarryWrites or RolloutAction.RunReversePass or RolloutAction.MergeLateWrites;
}
