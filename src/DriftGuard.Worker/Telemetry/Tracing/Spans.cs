using System.Diagnostics;
using DriftGuard.Worker.Telemetry.Metrics;

namespace DriftGuard.Worker.Telemetry.Tracing;

/// <summary>What spans have in common.</summary>
internal static class Spans
{
    /// <summary>The key of the index.</summary>
    public const string Index = "driftguard.index";

    /// <summary>The key of the rollout's id.</summary>
    public const string Rollout = "driftguard.rollout.id";

    /// <summary>What came of it.</summary>
    public const string Outcome = "driftguard.outcome";

    /// <summary>It did what it should.</summary>
    public const string Ok = "ok";

    /// <summary>It failed.</summary>
    public const string Failure = "failed";

    /// <summary>It was told to stop.</summary>
    public const string Stopped = "stopped";

    /// <summary>Says that it failed, and with what; of what was only told to stop, that.</summary>
    public static void Failed(this Activity span, Exception failure)
    {
        if (failure is OperationCanceledException)
        {
            span.SetTag(Outcome, Stopped);
            return;
        }

        span.SetTag(Outcome, Failure);
        span.SetTag(MetricTags.ErrorType, failure.GetType().FullName);
        span.SetStatus(ActivityStatusCode.Error, failure.Message);
    }
}
