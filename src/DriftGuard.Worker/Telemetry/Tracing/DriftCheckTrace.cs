using DriftGuard.Core.Drift;
using DriftGuard.Worker.Drift;
using DriftGuard.Worker.Telemetry.Metrics;

namespace DriftGuard.Worker.Telemetry.Tracing;

/// <summary>Traces and measures checks for drift: a span a check, and one a detector in it.</summary>
internal sealed class DriftCheckTrace(DriftGuardMetrics metrics, TimeProvider time)
{
    /// <summary>The name of a check's span.</summary>
    public const string Check = "drift check";

    /// <summary>The name of a detector's span.</summary>
    public const string Detector = "drift detector";

    /// <summary>The key of what asked for the check.</summary>
    public const string Trigger = "driftguard.drift.trigger";

    /// <summary>The key of the verdict.</summary>
    public const string Verdict = "driftguard.drift.verdict";

    /// <summary>The key of what has happened.</summary>
    public const string Cause = "driftguard.drift.cause";

    /// <summary>The key of the report's id.</summary>
    public const string Report = "driftguard.drift.report";

    /// <summary>The key of the detector.</summary>
    public const string DetectorName = "driftguard.drift.detector";

    /// <summary>The key of why a detector answers as it does.</summary>
    public const string Reason = "driftguard.drift.reason";

    /// <summary>What is measured of a check that ended without a report.</summary>
    private const string Error = "error";

    /// <summary>Checks an index.</summary>
    public async Task<DriftReport> CheckAsync(string index, string trigger, Func<Task<DriftReport>> check)
    {
        var began = time.GetTimestamp();
        using var span = DriftGuardTelemetry.Source.StartActivity(Check)?.SetTag(Spans.Index, index).SetTag(Trigger, trigger);
        try
        {
            var report = await check();
            var verdict = DriftJson.Word(report.Verdict);
            span?.SetTag(Verdict, verdict).SetTag(Cause, DriftJson.Word(report.Diagnosis.Cause)).SetTag(Report, report.Id);
            metrics.Checked(index, trigger, verdict, time.GetElapsedTime(began));
            return report;
        }
        catch (Exception failure)
        {
            span?.Failed(failure);

            // Of an index that nobody has enrolled the name is whatever somebody typed; and what is told to stop has not failed.
            if (failure is not (OperationCanceledException or OperatorException { Error: OperatorError.NotFound }))
            {
                metrics.Checked(index, trigger, Error, time.GetElapsedTime(began));
            }

            throw;
        }
    }

    /// <summary>Runs a detector.</summary>
    public static async Task<DetectorResult> DetectAsync(Core.Drift.Detector detector, Func<Task<DetectorResult>> run)
    {
        using var span = DriftGuardTelemetry.Source.StartActivity(Detector)?.SetTag(DetectorName, DriftJson.Word(detector));
        try
        {
            var result = await run();
            span?.SetTag(Verdict, DriftJson.Word(result.Verdict)).SetTag(Reason, result.Reason);
            return result;
        }
        catch (Exception failure)
        {
            span?.Failed(failure);
            throw;
        }
    }
}
