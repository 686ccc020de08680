using static DriftGuard.Worker.Telemetry.Metrics.MetricKind;

namespace DriftGuard.Worker.Telemetry.Metrics;

/// <summary>What is measured of the loops that a worker runs.</summary>
internal static class LoopMetrics
{
    private const string Loop = "loop";

    public static MetricDefinition Running { get; } = new(
        "driftguard.loop.running", Gauge, "", "1 for a loop of this process that runs, 0 for one that has failed and waits to be started again", Loop);

    public static MetricDefinition Restarts { get; } = new(
        "driftguard.loop.restarts", Counter, "{restart}", "How often a loop of this process was started again because it had failed or ended", Loop);

    public static IReadOnlyList<MetricDefinition> All { get; } = [Running, Restarts];
}
