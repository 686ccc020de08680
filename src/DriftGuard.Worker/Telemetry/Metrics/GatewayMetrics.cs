using static DriftGuard.Worker.Telemetry.Metrics.MetricKind;

namespace DriftGuard.Worker.Telemetry.Metrics;

/// <summary>What is measured of the gateway beside what every HTTP server measures, and of bridges.</summary>
internal static class GatewayMetrics
{
    public static MetricDefinition Requests { get; } = new(
        "driftguard.gateway.requests", Counter, "{request}", "Requests of applications; of an index that this process does not know the index is unknown", "route", MetricTags.Index, MetricTags.Outcome);

    public static MetricDefinition Refused { get; } = new(
        "driftguard.gateway.refused", Counter, "{request}", "Requests that were refused for what their client or all clients do at a time, or for a vector of another model", MetricTags.Reason);

    public static MetricDefinition WritesWaiting { get; } = new(
        "driftguard.gateway.writes.waiting", UpDownCounter, "{write}", "Writes that wait now: for a fence to be lowered, or for an earlier write to the same points", MetricTags.Index, MetricTags.Reason);

    public static MetricDefinition WriteWait { get; } = new(
        "driftguard.gateway.write.wait.duration", Histogram, "s", "Time that writes waited which had to", MetricTags.Index, MetricTags.Reason)
    {
        Buckets = [.025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120],
    };

    public static MetricDefinition BridgeActive { get; } = new(
        "driftguard.bridge.active", Gauge, "", "1 for an index whose queries go over a bridge because their own model is gone", MetricTags.Index);

    public static IReadOnlyList<MetricDefinition> All { get; } = [Requests, Refused, WritesWaiting, WriteWait, BridgeActive];
}
