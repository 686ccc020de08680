using DriftGuard.State;
using DriftGuard.Worker.Loops;
using DriftGuard.Worker.Telemetry.Metrics;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Telemetry.Watching;

/// <summary>
/// Measures what the state knows, by reading it every so often: so a worker that has just started shows what the one before it showed. While it cannot be read
/// these metrics are not told at all, since 0 would be a lie and what was read before may be one by now.
/// </summary>
internal sealed partial class StateWatch : ILoop
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);

    private readonly IReadOnlyList<IFigures> readers;
    private readonly DriftGuardMetrics metrics;
    private readonly TimeProvider time;
    private readonly ILogger<StateWatch> log;
    private volatile FigureSet? _figures;
    private long _readAt;

    public StateWatch(IEnumerable<IFigures> readers, DriftGuardMetrics metrics, TimeProvider time, ILogger<StateWatch> log)
    {
        (this.readers, this.metrics, this.time, this.log) = ([.. readers], metrics, time, log);
        _readAt = time.GetTimestamp();
        MetricCatalogue.StateAge.Observe(metrics.Meter, () => [new(time.GetElapsedTime(Interlocked.Read(ref _readAt)).TotalSeconds)]);
        foreach (var metric in this.readers.SelectMany(reader => reader.Metrics))
        {
            metric.Observe(metrics.Meter, () => _figures?.Of(metric) ?? []);
        }
    }

    /// <inheritdoc/>
    public string Name => "figures";

    /// <summary>Looks once.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            var figures = new FigureSet(metrics.Indexes);
            foreach (var reader in readers)
            {
                await reader.ReadAsync(figures, cancellation);
            }

            _figures = figures;
            Interlocked.Exchange(ref _readAt, time.GetTimestamp());
        }
        catch (StateException failure)
        {
            _figures = null;
            LogUnread(log, failure.Message);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            _figures = null;
            LogUnreadUnexpectedly(log, failure);
        }
    }

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await LookAsync(stopping);
            await Task.Delay(LookAgain, time, stopping);
        }
    }

    [LoggerMessage(5080, LogLevel.Warning, "What is measured of drift and rollouts cannot be read, and is not told until it can: {Failure}")]
    private static partial void LogUnread(ILogger log, string failure);

    [LoggerMessage(5081, LogLevel.Error, "What is measured of drift and rollouts cannot be read, and is not told until it can")]
    private static partial void LogUnreadUnexpectedly(ILogger log, Exception failure);
}
