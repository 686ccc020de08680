using static DriftGuard.Worker.Telemetry.Metrics.MetricKind;

namespace DriftGuard.Worker.Telemetry.Metrics;

/// <summary>What is measured of drift. Gauges are read from the reports, so that a restart shows the same.</summary>
internal static class DriftMetrics
{
    private const string Detector = "detector";

    public static MetricDefinition Verdict { get; } = new(
        "driftguard.drift.verdict", Gauge, "", "1 for what a detector answered when it last looked at an index", MetricTags.Index, Detector, MetricTags.Verdict);

    public static MetricDefinition Cause { get; } = new(
        "driftguard.drift.cause", Gauge, "", "1 for what the newest check of an index says has happened", MetricTags.Index, "cause");

    public static MetricDefinition CheckAge { get; } = new(
        "driftguard.drift.check.age", Gauge, "s", "Time since a detector last reported on an index", MetricTags.Index, Detector);

    public static MetricDefinition CheckOverdue { get; } = new(
        "driftguard.drift.check.overdue", Gauge, "s", "Time since a scheduled check should have begun that has not reported; 0 where none is late", MetricTags.Index, "schedule");

    public static MetricDefinition ProbeDistance { get; } = new(
        "driftguard.drift.probe.distance", Gauge, "1", "1 - cosine of the probes to those that were fingerprinted, when they were last embedded", MetricTags.Index, "statistic");

    public static MetricDefinition ProbesBeyond { get; } = new(
        "driftguard.drift.probes.beyond", Gauge, "{probe}", "Probes beyond their own tolerance, when they were last embedded", MetricTags.Index);

    public static MetricDefinition MismatchShare { get; } = new(
        "driftguard.drift.mismatch.share", Gauge, "1", "Share of an index' stored vectors that its model does not give back: the estimate and its 95 % bounds", MetricTags.Index, MetricTags.Bound);

    public static MetricDefinition Quality { get; } = new(
        "driftguard.drift.quality", Gauge, "1", "A metric of the calibration set at the baseline and now", MetricTags.Index, "metric", "at")
    {
        Together = Together.Smallest,
    };

    public static MetricDefinition QualityDifference { get; } = new(
        "driftguard.drift.quality.difference", Gauge, "1", "How much a metric of the calibration set has changed since the baseline, paired by query: the estimate and its bounds", MetricTags.Index, "metric", MetricTags.Bound)
    {
        Together = Together.Smallest,
    };

    public static MetricDefinition Checks { get; } = new(
        "driftguard.drift.checks", Counter, "{check}", "Checks that this process ran, by their verdict; error where there is no report", MetricTags.Index, "trigger", MetricTags.Verdict);

    public static MetricDefinition CheckDuration { get; } = new(
        "driftguard.drift.check.duration", Histogram, "s", "Time of a check that this process ran", "trigger", MetricTags.Verdict)
    {
        Buckets = [.1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800],
    };

    public static IReadOnlyList<MetricDefinition> All { get; } =
        [Verdict, Cause, CheckAge, CheckOverdue, ProbeDistance, ProbesBeyond, MismatchShare, Quality, QualityDifference, Checks, CheckDuration];
}
