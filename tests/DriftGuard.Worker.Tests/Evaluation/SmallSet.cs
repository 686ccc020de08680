using DriftGuard.Core.Calibration;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Retrieval;
using DriftGuard.Worker.Evaluation;

namespace DriftGuard.Worker.Tests.Evaluation;

/// <summary>Sets of queries that each ask for the document of their number, and rankings over them that are written by hand.</summary>
internal static class SmallSet
{
    public static IReadOnlyList<RetrievalMetric> Metrics { get; } = [RetrievalMetric.CappedRecallAt10, RetrievalMetric.NdcgAt10];

    /// <summary>Queries q000, q001, ... of documents d0, d1, ..., each a group of its own.</summary>
    public static CalibrationSet Of(int queries, Func<int, string>? lang = null, bool critical = false) => new()
    {
        Header = new() { Name = "small", Slices = lang is null ? [] : [new("lang", critical)], Metrics = Metrics },
        Queries = [.. Enumerable.Range(0, queries).Select(i => new CalibrationQuery($"q{i:000}", $"query {i}", i, lang is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["lang"] = lang(i) }))],
        Qrels = new(Enumerable.Range(0, queries).Select(i => KeyValuePair.Create<string, IReadOnlyDictionary<string, int>>($"q{i:000}", new Dictionary<string, int> { [$"d{i}"] = 1, [$"seen{i}"] = 0 }))),
    };

    /// <summary>Rankings in which each query's document has a rank; 0 for not found.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Ranked(int queries, Func<int, int> rank) =>
        [.. Enumerable.Range(0, queries).Select(i => (IReadOnlyList<string>)[.. Enumerable.Range(1, 10).Select(r => r == rank(i) ? $"d{i}" : r == 2 ? $"seen{i}" : $"x{i}-{r}")])];

    /// <summary>A side as users search it and, unless it is only searched exactly, by exact search.</summary>
    public static ScoredSide Side(CalibrationSet set, string model, Func<int, int> users, Func<int, int>? exact = null)
    {
        var found = Ranked(set.Queries.Count, users);
        return new(
            $"{model}-1", model, new string(model[0] == 'o' ? 'a' : 'b', 64), EvaluationFigures.Values(set, Metrics, found),
            exact is null ? null : EvaluationFigures.Values(set, Metrics, Ranked(set.Queries.Count, exact)), found)
        {
            ExactOnly = exact is null,
        };
    }

    /// <summary>The report of two sides.</summary>
    public static EvaluationReport Compared(CalibrationSet set, ScoredSide old, ScoredSide @new, MatchesOrBeatsOptions? options = null) => EvaluationBuilder.Of(
        new(EvaluationKind.Compare, "docs", DateTimeOffset.UnixEpoch), ComparedSides.Of(set, Metrics, old, @new, options ?? new() { Margin = .05 }));
}
