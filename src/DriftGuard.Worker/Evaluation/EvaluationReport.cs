using DriftGuard.Core.Calibration;
using DriftGuard.Core.Gate;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Retrieval;

namespace DriftGuard.Worker.Evaluation;

/// <summary>A calibration set scored against one collection or two, with every query's result.</summary>
public sealed record EvaluationReport
{
    /// <summary>Identity in the state.</summary>
    public required string Id { get; init; }

    /// <summary>preflight, gate, soak or evaluate.</summary>
    public required string Kind { get; init; }

    /// <summary>Index that was evaluated.</summary>
    public required string Index { get; init; }

    /// <summary>Name of the calibration set.</summary>
    public required string CalibrationSet { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The metrics by name, in the order of every list of values here.</summary>
    public required IReadOnlyList<string> Metrics { get; init; }

    /// <summary>The collection that serves.</summary>
    public required SideReport Old { get; init; }

    /// <summary>The candidate; null where only one collection was scored.</summary>
    public SideReport? New { get; init; }

    /// <summary>Each metric compared, paired by query; empty where only one collection was scored.</summary>
    public IReadOnlyList<ComparedMetric> Comparisons { get; init; } = [];

    /// <summary>The gate's rows; null where no gate was asked.</summary>
    public GateReport? Gate { get; init; }

    /// <summary>Relevant documents that are not in the corpus.</summary>
    public StaleLabels? Labels { get; init; }

    /// <summary>Every query, in the order of the set.</summary>
    public required IReadOnlyList<QueryReport> Queries { get; init; }

    /// <summary>The verdict in a sentence.</summary>
    public required string Sentence { get; init; }

    /// <summary>Seed of what was drawn at random; null where nothing was.</summary>
    public int? Seed { get; init; }
}

/// <summary>One collection's figures.</summary>
/// <param name="Collection">The collection.</param>
/// <param name="Model">Name of the model that made its vectors and embedded the queries.</param>
/// <param name="Fingerprint">That model's fingerprint.</param>
/// <param name="Means">Mean of each metric as users search, complete over all queries.</param>
/// <param name="ExactMeans">The same by exact search.</param>
/// <param name="P95Milliseconds">95th percentile of a single search.</param>
public sealed record SideReport(
    string Collection, string Model, string Fingerprint, IReadOnlyList<double> Means, IReadOnlyList<double> ExactMeans, double P95Milliseconds);

/// <summary>A metric compared.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Result">Verdict and figures.</param>
public sealed record ComparedMetric(string Metric, MatchesOrBeatsResult Result);

/// <summary>One query's results.</summary>
/// <param name="Id">The query.</param>
/// <param name="Old">Each metric in the collection that serves.</param>
/// <param name="New">Each metric in the candidate; null where only one collection was scored.</param>
/// <param name="OldFound">First document ids in the collection that serves.</param>
/// <param name="NewFound">First document ids in the candidate.</param>
public sealed record QueryReport(
    string Id, IReadOnlyList<double> Old, IReadOnlyList<double>? New, IReadOnlyList<string> OldFound, IReadOnlyList<string>? NewFound);

/// <summary>Turns rankings into the report's figures.</summary>
internal static class EvaluationFigures
{
    private const int FoundShown = 10;

    /// <summary>Values by metric and query, missing results counted 0.</summary>
    public static IReadOnlyList<IReadOnlyList<double>> Values(CalibrationSet set, IReadOnlyList<RetrievalMetric> metrics, IReadOnlyList<IReadOnlyList<string>> found) =>
        [.. metrics.Select(metric => (IReadOnlyList<double>)[.. set.Queries.Select((query, i) => metric.Evaluate(found[i], set.Qrels[query.Id]))])];

    public static IReadOnlyList<double> Means(IReadOnlyList<IReadOnlyList<double>> values) => [.. values.Select(v => v.Sum() / v.Count)];

    public static IReadOnlyList<QueryReport> Queries(
        CalibrationSet set,
        IReadOnlyList<IReadOnlyList<double>> old,
        IReadOnlyList<IReadOnlyList<string>> oldFound,
        IReadOnlyList<IReadOnlyList<double>>? @new = null,
        IReadOnlyList<IReadOnlyList<string>>? newFound = null) =>
        [.. set.Queries.Select((query, i) => new QueryReport(
            query.Id, [.. old.Select(m => m[i])], @new is null ? null : [.. @new.Select(m => m[i])],
            [.. oldFound[i].Take(FoundShown)], newFound is null ? null : [.. newFound[i].Take(FoundShown)]))];
}
