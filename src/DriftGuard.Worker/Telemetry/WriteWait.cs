using DriftGuard.Worker.Telemetry.Metrics;

namespace DriftGuard.Worker.Telemetry;

/// <summary>The wait of a write, where it has to: it is counted among those that wait until it is disposed, and then measured.</summary>
/// <param name="metrics">Where to.</param>
/// <param name="index">The index.</param>
/// <param name="time">The clock.</param>
internal sealed class WriteWait(DriftGuardMetrics metrics, string index, TimeProvider time) : IDisposable
{
    private string? _reason;
    private long _began;

    /// <summary>It has to wait, or to wait on.</summary>
    /// <param name="earlierWrite">For an earlier write to the same points; otherwise for a fence.</param>
    public void For(bool earlierWrite)
    {
        var reason = earlierWrite ? "earlier_write" : "fence";
        if (_reason == reason)
        {
            return;
        }

        Dispose();
        (_reason, _began) = (reason, time.GetTimestamp());
        metrics.Waits(index, reason, 1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_reason is not null)
        {
            metrics.Waits(index, _reason, -1);
            metrics.Waited(index, _reason, time.GetElapsedTime(_began));
            _reason = null;
        }
    }
}
