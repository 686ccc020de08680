using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using DriftGuard.Worker.Rollouts.Copying;
using DriftGuard.Worker.Telemetry.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Benchmarks.Copying;

/// <summary>Adds up the seconds of each stage of copying from the metric that the product has for them.</summary>
internal sealed class StageClock : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ConcurrentDictionary<string, double> _seconds = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public StageClock()
    {
        Stages = new(_services.GetRequiredService<IMeterFactory>(), TimeProvider.System);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Only those of this clock: others in the process copy, too.
            if (string.Equals(instrument.Name, RolloutMetrics.CopyStageDuration.Name, StringComparison.Ordinal) && ReferenceEquals(instrument.Meter.Scope, _services.GetRequiredService<IMeterFactory>()))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => _seconds.AddOrUpdate((string)tags[0].Value!, seconds, (_, sum) => sum + seconds));
        _listener.Start();
    }

    public CopyStages Stages { get; }

    /// <summary>The seconds of each stage since the last call, of all partitions together.</summary>
    public IReadOnlyDictionary<string, double> Take()
    {
        var taken = _seconds.ToDictionary(StringComparer.Ordinal);
        _seconds.Clear();
        return taken;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }
}
