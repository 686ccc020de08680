namespace DriftGuard.Worker.Telemetry.Metrics;

/// <summary>Keys of tags that several metrics have.</summary>
internal static class MetricTags
{
    /// <summary>An index by its name; see <see cref="BoundedNames"/>.</summary>
    public const string Index = "index";

    /// <summary>What came of something.</summary>
    public const string Outcome = "outcome";

    /// <summary>Why.</summary>
    public const string Reason = "reason";

    /// <summary>A verdict of a detector or of a condition.</summary>
    public const string Verdict = "verdict";

    /// <summary>Which end of an interval, or the estimate in it.</summary>
    public const string Bound = "bound";

    /// <summary>A type of exception, as OpenTelemetry names it.</summary>
    public const string ErrorType = "error.type";
}
