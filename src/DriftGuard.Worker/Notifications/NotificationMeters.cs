using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using DriftGuard.Worker.Telemetry.Metrics;

namespace DriftGuard.Worker.Notifications;

/// <summary>The instruments of notifications.</summary>
internal sealed class NotificationMeters
{
    private readonly ConcurrentDictionary<string, Func<int>> _pending = new(StringComparer.Ordinal);

    public NotificationMeters(DriftGuardMetrics metrics)
    {
        Sent = NotificationMetrics.Sent.CounterOf(metrics.Meter);
        Failed = NotificationMetrics.Failed.CounterOf(metrics.Meter);
        GivenUp = NotificationMetrics.GivenUp.CounterOf(metrics.Meter);
        NotificationMetrics.Pending.Observe(metrics.Meter, () => _pending.Select(one => (one.Key, Waiting: one.Value())).Where(one => one.Waiting >= 0)
            .Select(one => new Measurement<double>(one.Waiting, NotificationMetrics.Pending.TagsOf(one.Key))));
    }

    public Counter<long> Sent { get; }

    public Counter<long> Failed { get; }

    public Counter<long> GivenUp { get; }

    /// <summary>Measures what waits for a webhook.</summary>
    /// <param name="webhook">The webhook.</param>
    /// <param name="read">How many; less than 0 where this process does not know.</param>
    public void PendingOf(string webhook, Func<int> read) => _pending[webhook] = read;
}
