using DriftGuard.Core.Calibration;
using DriftGuard.Core.Retrieval;
using DriftGuard.Core.Statistics;
using DriftGuard.Core.Statistics.Slices;

namespace DriftGuard.Worker.Evaluation;

/// <summary>What an evaluation is of.</summary>
/// <param name="Kind">One of <see cref="EvaluationKind"/>.</param>
/// <param name="Index">The index; null where none is involved.</param>
/// <param name="At">When.</param>
internal sealed record EvaluationHead(string Kind, string? Index, DateTimeOffset At);

/// <summary>Builds every evaluation's report from scored sides: the one place that knows what belongs in it.</summary>
internal static class EvaluationBuilder
{
    private const int FoundKept = 10;

    /// <summary>The error of the one-sided bounds that slices are drawn with.</summary>
    private const double SliceAlpha = .05;

    /// <summary>One side by itself.</summary>
    public static EvaluationReport Of(EvaluationHead head, CalibrationSet set, IReadOnlyList<RetrievalMetric> metrics, ScoredSide side)
    {
        var figures = side.Report(set);
        return Head(head, set, metrics) with
        {
            Old = figures,
            Slices = SlicesOf(set, metrics, 0, side, null),
            Queries = [.. set.Queries.Select((query, i) => Query(set, query, i, side, null))],
            Examples = ExampleFinder.Weakest(set, side),
            Verdict = "scored",
            Sentence = EvaluationSentence.Of(set, metrics, figures),
            Notes = [.. EvaluationSentence.NotesOn(set), .. EvaluationSentence.NotesOnLabels(set)],
        };
    }

    /// <summary>Two sides compared.</summary>
    public static EvaluationReport Of(EvaluationHead head, ComparedSides compared)
    {
        var (set, metrics) = (compared.Set, compared.Metrics);
        return Head(head, set, metrics) with
        {
            Old = compared.Old.Report(set),
            New = compared.New.Report(set),
            Comparisons = [.. metrics.Select((_, metric) => compared.Metric(metric))],
            Slices = SlicesOf(set, metrics, 0, compared.Old, compared),
            OtherSlices = compared.Slices.Count == 0 ? [] : [.. Enumerable.Range(1, metrics.Count - 1).Select(metric => SlicesOf(set, metrics, metric, compared.Old, compared)!)],
            Queries = [.. set.Queries.Select((query, i) => Query(set, query, i, compared.Old, compared.New))],
            Examples = ExampleFinder.Changed(compared),
            Verdict = EvaluationSentence.VerdictOf(compared),
            Notes = EvaluationSentence.NotesOnLabels(set),
            Sentence = EvaluationSentence.Of(compared),
        };
    }

    private static EvaluationReport Head(EvaluationHead head, CalibrationSet set, IReadOnlyList<RetrievalMetric> metrics) => new()
    {
        Id = Evaluator.NewId(head.Index ?? set.Name),
        Kind = head.Kind,
        Index = head.Index,
        CalibrationSet = set.Name,
        At = head.At,
        Metrics = [.. metrics.Select(metric => metric.Name)],
        Groups = set.GroupCount,
        Old = new("", "", "", [], [], 0),
        Queries = [],
        Sentence = "",
    };

    private static QueryReport Query(CalibrationSet set, CalibrationQuery asked, int query, ScoredSide old, ScoredSide? @new) => new(
        asked.Id, EvaluationFigures.OfQuery(old.Values, query), @new is null ? null : EvaluationFigures.OfQuery(@new.Values, query),
        [.. old.Found[query].Take(FoundKept)], @new is null ? null : [.. @new.Found[query].Take(FoundKept)])
    {
        Judged = JudgedQuery.DigestOf(set, asked),
        OldExact = old.ExactValues is null ? null : EvaluationFigures.OfQuery(old.ExactValues, query),
        NewExact = @new?.ExactValues is null ? null : EvaluationFigures.OfQuery(@new.ExactValues, query),
    };

    private static SlicesReport? SlicesOf(CalibrationSet set, IReadOnlyList<RetrievalMetric> metrics, int metric, ScoredSide old, ComparedSides? compared)
    {
        var tested = compared?.Slices.ElementAtOrDefault(metric);
        var slices = tested?.Slices.Select(result => result.Slice).ToList() ?? Slice.Of(set);
        if (slices.Count == 0)
        {
            return null;
        }

        var groups = set.Groups;
        var differences = compared?.Differences(metric);
        var whole = differences is null ? null : ClusteredDifferences.Estimated(differences, groups);
        var reports = slices.Select((slice, i) => SliceOf(slice, metric, groups, old, compared) with
        {
            Comparison = tested is not null && differences is not null ? Comparison(tested.Slices[i], differences, whole) : null,
        });
        return new(metrics[metric].Name, [.. reports])
        {
            Outcome = tested?.Outcome,
            Margin = tested?.Margin,
            Alpha = tested?.Alpha,
            Seed = tested?.Seed,
        };
    }

    private static SliceReport SliceOf(Slice slice, int metric, IReadOnlyList<int> groups, ScoredSide old, ComparedSides? compared)
    {
        IReadOnlyList<int> own = [.. slice.Queries.Select(query => groups[query])];
        var oldValues = EvaluationFigures.Of(old.Values, slice.Queries);
        var newValues = compared is null ? null : EvaluationFigures.Of(compared.New.Values, slice.Queries);
        return new(
            slice.Field, slice.Value, slice.Critical, slice.Queries.Count, own.Distinct().Count(),
            EvaluationFigures.Means(oldValues), newValues is null ? null : EvaluationFigures.Means(newValues))
        {
            OldInterval = ClusteredMean.Interval(oldValues[metric], own),
            NewInterval = newValues is null ? null : ClusteredMean.Interval(newValues[metric], own),
        };
    }

    private static SliceComparison Comparison(SliceResult result, double[] differences, ClusteredDifferences? whole)
    {
        var bounds = whole is null ? ((double Lower, double Upper)?)null
            : ClusteredDifferences.OfPart([.. result.Slice.Queries.Select(query => differences[query])], whole).Bounds(SliceAlpha);
        return new(result.Mean, bounds?.Lower, bounds?.Upper, result.Verdict, result.Test, result.P, result.AdjustedP, result.DetectableHarm);
    }
}
