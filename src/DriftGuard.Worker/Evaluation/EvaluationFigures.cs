using DriftGuard.Core.Calibration;
using DriftGuard.Core.Retrieval;

namespace DriftGuard.Worker.Evaluation;

/// <summary>Turns rankings into values.</summary>
internal static class EvaluationFigures
{
    /// <summary>Values by metric and query, missing results counted 0.</summary>
    public static IReadOnlyList<IReadOnlyList<double>> Values(CalibrationSet set, IReadOnlyList<RetrievalMetric> metrics, IReadOnlyList<IReadOnlyList<string>> found) =>
        [.. metrics.Select(metric => (IReadOnlyList<double>)[.. set.Queries.Select((query, i) => metric.Evaluate(found[i], set.Qrels[query.Id]))])];

    /// <summary>The mean of each metric; empty without queries, which have none.</summary>
    public static IReadOnlyList<double> Means(IReadOnlyList<IReadOnlyList<double>> values) =>
        values.Count == 0 || values[0].Count == 0 ? [] : [.. values.Select(v => v.Sum() / v.Count)];

    /// <summary>The values of some of the queries.</summary>
    public static IReadOnlyList<IReadOnlyList<double>> Of(IReadOnlyList<IReadOnlyList<double>> values, IReadOnlyList<int> queries) =>
        [.. values.Select(metric => (IReadOnlyList<double>)[.. queries.Select(query => metric[query])])];

    /// <summary>One query's value of each metric.</summary>
    public static IReadOnlyList<double> OfQuery(IReadOnlyList<IReadOnlyList<double>> values, int query) => [.. values.Select(metric => metric[query])];
}
