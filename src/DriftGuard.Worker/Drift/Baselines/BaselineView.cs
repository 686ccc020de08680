using DriftGuard.State;

namespace DriftGuard.Worker.Drift.Baselines;

/// <summary>A baseline as it is shown: without its vectors and texts.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Index">The index.</param>
/// <param name="Fingerprint">The model that it was served with.</param>
/// <param name="Collection">The collection that it pointed to.</param>
/// <param name="Kind">What it was taken at.</param>
/// <param name="At">When it was taken.</param>
/// <param name="Points">Points of the collection then.</param>
/// <param name="Schema">What the collection was then.</param>
/// <param name="CalibrationSet">The set that was scored; null where none was.</param>
/// <param name="CalibrationQueries">Queries that were scored.</param>
/// <param name="Means">Their means, by metric.</param>
/// <param name="QuerySource">Where the queries are from whose best scores are kept; null where none are.</param>
/// <param name="Queries">How many those are.</param>
/// <param name="MedianBestScore">The median of their best scores.</param>
/// <param name="Documents">Documents whose vectors are kept.</param>
/// <param name="Missing">What it lacks, and why.</param>
public sealed record BaselineView(
    string Id, string Index, string Fingerprint, string Collection, string Kind, DateTimeOffset At, long Points, SchemaBaseline Schema,
    string? CalibrationSet, int CalibrationQueries, IReadOnlyDictionary<string, double> Means, string? QuerySource, int Queries, double? MedianBestScore, int Documents,
    IReadOnlyList<string> Missing)
{
    /// <summary>How a baseline is shown.</summary>
    public static BaselineView Of(DriftBaseline baseline) => new(
        baseline.Id, baseline.Index, baseline.Fingerprint, baseline.Collection, baseline.Kind, baseline.At, baseline.Points, baseline.Schema,
        baseline.Quality?.CalibrationSet, baseline.Quality?.Queries.Count ?? 0,
        baseline.Quality is { } quality
            ? quality.Metrics.Index().ToDictionary(metric => metric.Item, metric => quality.Queries.Values.Average(values => values[metric.Index]), StringComparer.Ordinal)
            : new Dictionary<string, double>(StringComparer.Ordinal),
        baseline.Queries?.Source, baseline.Queries?.Baseline.Vectors.Count ?? 0, baseline.Queries?.MedianBestScore, baseline.Documents?.Vectors.Count ?? 0, baseline.Missing);
}

/// <summary>A baseline as it is listed.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Index">The index.</param>
/// <param name="Fingerprint">The model that it was served with.</param>
/// <param name="Collection">The collection that it pointed to.</param>
/// <param name="Kind">What it was taken at.</param>
/// <param name="At">When it was taken.</param>
public sealed record ListedBaseline(string Id, string Index, string Fingerprint, string Collection, string Kind, DateTimeOffset At)
{
    internal static ListedBaseline Of(BaselineEntry entry) => new(entry.Id, entry.Index, entry.Fingerprint, entry.Collection, entry.Kind, entry.At);
}
