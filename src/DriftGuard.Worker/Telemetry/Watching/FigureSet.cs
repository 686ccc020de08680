using System.Diagnostics.Metrics;
using DriftGuard.Worker.Telemetry.Metrics;

namespace DriftGuard.Worker.Telemetry.Watching;

/// <summary>Figures of one time: for each metric what it is by its labels. Figures that have all labels in common become one, as the metric says.</summary>
/// <param name="indexes">Indexes as labels.</param>
internal sealed class FigureSet(BoundedNames indexes)
{
    private readonly Dictionary<MetricDefinition, Dictionary<string, (KeyValuePair<string, object?>[] Tags, double Value)>> _figures = [];

    /// <summary>Adds a figure of an index.</summary>
    /// <param name="metric">The metric; its first tag is the index.</param>
    /// <param name="value">The figure; what is no number is left out.</param>
    /// <param name="index">The index.</param>
    /// <param name="others">The values of its other tags.</param>
    public void Add(MetricDefinition metric, double value, string index, params ReadOnlySpan<string> others)
    {
        if (!double.IsFinite(value))
        {
            return;
        }

        string[] values = [indexes.Of(index), .. others];
        if (!_figures.TryGetValue(metric, out var figures))
        {
            _figures[metric] = figures = new(StringComparer.Ordinal);
        }

        var key = string.Join('\0', values);
        figures[key] = (metric.TagsOf(values), figures.TryGetValue(key, out var there) ? Combined(metric.Together, there.Value, value) : value);
    }

    /// <summary>What a metric is.</summary>
    public IEnumerable<Measurement<double>> Of(MetricDefinition metric) => _figures.TryGetValue(metric, out var figures)
        ? figures.Values.Select(figure => new Measurement<double>(figure.Value, figure.Tags))
        : [];

    private static double Combined(Together how, double a, double b) => how switch
    {
        Together.Sum => a + b,
        Together.Smallest => Math.Min(a, b),
        _ => Math.Max(a, b),
    };
}
