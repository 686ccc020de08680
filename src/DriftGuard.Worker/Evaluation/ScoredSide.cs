using DriftGuard.Core.Calibration;
using DriftGuard.Core.Retrieval;
using DriftGuard.Core.Statistics;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Evaluation;

/// <summary>One side of an evaluation with every query's values.</summary>
/// <param name="Collection">The collection, or what was searched in its place.</param>
/// <param name="Model">Name of its model.</param>
/// <param name="Fingerprint">The model's fingerprint.</param>
/// <param name="Values">Values by metric and query, as users search; by exact search where only that was made.</param>
/// <param name="ExactValues">The same by exact search; null where a side was not searched both ways.</param>
/// <param name="Found">Document ids for each query, best first, as users' searches find them; empty where they are not known.</param>
internal sealed record ScoredSide(
    string Collection, string Model, string Fingerprint,
    IReadOnlyList<IReadOnlyList<double>> Values, IReadOnlyList<IReadOnlyList<double>>? ExactValues, IReadOnlyList<IReadOnlyList<string>> Found)
{
    private const int JudgedDepth = 10;

    /// <summary>Document ids for each query by exact search; null where a side was not searched both ways.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? FoundExactly { get; init; }

    /// <summary>95th percentile of a single search; 0 where none was timed.</summary>
    public double P95Milliseconds { get; init; }

    /// <summary>Queries that could not be embedded.</summary>
    public int Unembeddable { get; init; }

    /// <summary>Whether <see cref="Values"/> are those of exact search.</summary>
    public bool ExactOnly { get; init; }

    /// <summary>A collection that was searched as users do and exactly.</summary>
    public static ScoredSide Of(string collection, ITextEmbedder model, CalibrationSet set, IReadOnlyList<RetrievalMetric> metrics, SearchedSet found) => new(
        collection, model.Spec.Name, model.Fingerprint.Id,
        EvaluationFigures.Values(set, metrics, found.Approximate), EvaluationFigures.Values(set, metrics, found.Exact), found.Approximate)
    {
        FoundExactly = found.Exact,
        P95Milliseconds = found.P95,
        Unembeddable = found.Unembeddable,
    };

    /// <summary>Vectors that were only searched exactly.</summary>
    public static ScoredSide Exactly(string where, ITextEmbedder model, CalibrationSet set, IReadOnlyList<RetrievalMetric> metrics, IReadOnlyList<IReadOnlyList<string>> found) =>
        new(where, model.Spec.Name, model.Fingerprint.Id, EvaluationFigures.Values(set, metrics, found), null, found) { ExactOnly = true };

    /// <summary>The side's figures.</summary>
    public SideReport Report(CalibrationSet set)
    {
        var groups = set.Groups;
        var (means, intervals) = (EvaluationFigures.Means(Values), Intervals(Values, groups));
        return new(
            Collection, Model, Fingerprint, means, ExactValues is null ? means : EvaluationFigures.Means(ExactValues), P95Milliseconds)
        {
            Intervals = intervals,
            ExactIntervals = ExactValues is null ? intervals : Intervals(ExactValues, groups),
            ExactOnly = ExactOnly,
            Unembeddable = Unembeddable,
            JudgedAt10 = JudgedAt10(set),
        };
    }

    private static IReadOnlyList<MeanInterval?> Intervals(IReadOnlyList<IReadOnlyList<double>> values, IReadOnlyList<int> groups) =>
        [.. values.Select(metric => ClusteredMean.Interval(metric, groups))];

    private double? JudgedAt10(CalibrationSet set)
    {
        var (judged, found) = (0, 0);
        foreach (var (i, query) in set.Queries.Index())
        {
            var first = Found[i].Take(JudgedDepth).ToList();
            found += first.Count;
            judged += first.Count(set.Qrels[query.Id].ContainsKey);
        }

        return found == 0 ? null : (double)judged / found;
    }
}
