using System.Diagnostics.Metrics;
using DriftGuard.Worker.Telemetry;
using DriftGuard.Worker.Telemetry.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Worker.Tests.Telemetry;

/// <summary>What the instruments of one host measure: others of the process have meters of the same name.</summary>
internal sealed class MeasuredMetrics : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly List<Measured> _measured = [];

    public MeasuredMetrics(IServiceProvider services)
    {
        var meters = services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == DriftGuardTelemetry.Name && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>(Add);
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, state) => Add(instrument, value, tags, state));
        _listener.Start();
    }

    /// <summary>What a metric measured: of a gauge now, of others since this began to listen.</summary>
    public IReadOnlyList<Measured> Of(MetricDefinition metric)
    {
        lock (_gate)
        {
            _measured.RemoveAll(one => one.Observed);
        }

        _listener.RecordObservableInstruments();
        lock (_gate)
        {
            return [.. _measured.Where(one => one.Name == metric.Name)];
        }
    }

    /// <summary>A gauge by the values of its tags.</summary>
    public IReadOnlyDictionary<string, double> Gauge(MetricDefinition metric) =>
        Of(metric).ToDictionary(one => string.Join(' ', metric.Tags.Select(tag => one.Tags[tag])), one => one.Value, StringComparer.Ordinal);

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, text) in tags)
        {
            values[key] = (string)text!;
        }

        lock (_gate)
        {
            _measured.Add(new(instrument.Name, values, value, instrument.IsObservable));
        }
    }
}

/// <summary>A measurement.</summary>
/// <param name="Name">The metric.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Observed">Whether it was asked for.</param>
internal sealed record Measured(string Name, IReadOnlyDictionary<string, string> Tags, double Value, bool Observed);
