namespace DriftGuard.Worker.Telemetry.Metrics;

/// <summary>Every metric of the meter. <c>deploy/METRICS.md</c> is held equal to it.</summary>
internal static class MetricCatalogue
{
    public static MetricDefinition StateAge { get; } = new(
        "driftguard.state.age", MetricKind.Gauge, "s", "Time since what is measured was last read from the state; while it cannot be read, what is measured of it is not told");

    public static IReadOnlyList<MetricDefinition> All { get; } =
        [.. DriftMetrics.All, .. RolloutMetrics.All, .. GatewayMetrics.All, .. EmbeddingMetrics.All, .. LoopMetrics.All, .. NotificationMetrics.All, StateAge];
}
