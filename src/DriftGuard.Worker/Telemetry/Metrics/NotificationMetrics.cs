using static DriftGuard.Worker.Telemetry.Metrics.MetricKind;

namespace DriftGuard.Worker.Telemetry.Metrics;

/// <summary>What is measured of notifications. Webhooks are those that are configured.</summary>
internal static class NotificationMetrics
{
    private const string Webhook = "webhook";

    public static MetricDefinition Sent { get; } = new("driftguard.notifications.sent", Counter, "{notification}", "Notifications that a webhook took from this process", Webhook);

    public static MetricDefinition Failed { get; } = new(
        "driftguard.notifications.failed", Counter, "{attempt}", "Attempts of this process to send a notification that a webhook did not take", Webhook);

    public static MetricDefinition GivenUp { get; } = new(
        "driftguard.notifications.given_up", Counter, "{notification}", "Notifications that this process gave up: refused for what they are, not taken for a day, or too many", Webhook);

    public static MetricDefinition Pending { get; } = new(
        "driftguard.notifications.pending", Gauge, "{notification}", "Notifications that wait for a webhook, told by the process that sends to it", Webhook);

    public static IReadOnlyList<MetricDefinition> All { get; } = [Sent, Failed, GivenUp, Pending];
}
