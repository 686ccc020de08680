using DriftGuard.Worker.Telemetry.Metrics;

namespace DriftGuard.Worker.Telemetry.Watching;

/// <summary>Reads from the state what some metrics are.</summary>
internal interface IFigures
{
    /// <summary>The metrics.</summary>
    IReadOnlyList<MetricDefinition> Metrics { get; }

    /// <summary>Reads them.</summary>
    /// <exception cref="State.StateException">The state cannot be read.</exception>
    Task ReadAsync(FigureSet figures, CancellationToken cancellation);
}
