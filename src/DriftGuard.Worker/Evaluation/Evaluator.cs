using DriftGuard.Core.Calibration;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Retrieval;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Statistics.Slices;
using DriftGuard.State;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Evaluation;

/// <summary>Scores calibration sets against collections and stores what was found.</summary>
internal sealed class Evaluator(CollectionScorer scorer, DocumentTexts texts, StateStore state, TimeProvider time)
{
    /// <summary>A new identity for an evaluation.</summary>
    public static string NewId(string index) => $"{index}-{Guid.CreateVersion7():N}";

    /// <summary>Scores one collection by itself.</summary>
    public async Task<EvaluationReport> ScoreAsync(string index, string collection, ITextEmbedder model, CalibrationSet set, IndexCorpus corpus, CancellationToken cancellation)
    {
        var metrics = set.Header.Metrics;
        var found = await scorer.SearchAsync(collection, corpus.Vector, model, set, CollectionScorer.DepthOf(metrics), cancellation);
        var report = EvaluationBuilder.Of(new(EvaluationKind.Evaluate, index, time.GetUtcNow()), set, metrics, ScoredSide.Of(collection, model, set, metrics, found));
        return await DocumentTexts.AddAsync(report, texts.Of(collection, set, corpus), null, cancellation);
    }

    /// <summary>Stores a report of an index; it is found again by its id.</summary>
    public Task StoreAsync(EvaluationReport report, string? rolloutId, CancellationToken cancellation) => state.AddEvaluationAsync(
        new StoredEvaluation(report.Id, report.Index!, rolloutId, report.Kind, report.Verdict ?? "", report.At, EvaluationJson.Write(report)), cancellation);

    /// <summary>A stored report, with the approval that was given to it since; null if there is none.</summary>
    public async Task<EvaluationReport?> FindAsync(string id, CancellationToken cancellation) =>
        await state.FindEvaluationAsync(id, cancellation) is { } stored ? await ReadAsync(stored, cancellation) : null;

    /// <summary>Reads a stored report, with the approval that was given to it since.</summary>
    public async Task<EvaluationReport> ReadAsync(StoredEvaluation stored, CancellationToken cancellation)
    {
        var report = EvaluationJson.Read(stored.Json);
        return stored.RolloutId is { } rollout && report.Gate is { } gate
            && await state.RequestsAsync(rollout, cancellation) is { ApprovedAt: { } at, ApprovedBy: { } by } requests && requests.Approves(report.Id, report.At)
            ? report with { Gate = gate.Approved(by, at) }
            : report;
    }

    /// <summary>Compares two sides, paired by query, metric by metric.</summary>
    public static MatchesOrBeatsDecision Compare(
        CalibrationSet set,
        IReadOnlyList<RetrievalMetric> metrics,
        IReadOnlyList<IReadOnlyList<double>> old,
        IReadOnlyList<IReadOnlyList<double>> @new,
        MatchesOrBeatsOptions options,
        bool sameFingerprint = false) =>
        MatchesOrBeatsDecision.Of([.. metrics.Select((metric, i) =>
            new MetricComparison(metric, MatchesOrBeatsRule.Compare(old[i], @new[i], set.Groups, options, sameFingerprint)))]);

    /// <summary>Compares each metric by slice, with the margin that the whole comparison used; empty where the set declares no slices.</summary>
    public static IReadOnlyList<SlicesResult> CompareSlices(
        CalibrationSet set, MatchesOrBeatsDecision whole, IReadOnlyList<IReadOnlyList<double>> old, IReadOnlyList<IReadOnlyList<double>> @new)
    {
        var slices = Slice.Of(set);
        return slices.Count == 0 ? [] : SlicesRule.Compare(
            [.. whole.Metrics.Select((metric, m) => new SlicedMetric([.. @new[m].Zip(old[m], (now, then) => now - then)], metric.Result.Margin))],
            set.Groups, slices, new());
    }

    /// <summary>The rule's options from the gate's settings.</summary>
    public static MatchesOrBeatsOptions OptionsOf(GateSettings gate) => new()
    {
        Margin = gate.Margin,
        Epsilon = gate.Epsilon,
        Rule = gate.PointRule ? ComparisonRule.Point : ComparisonRule.Paired,
    };

    /// <summary>The gate's metrics.</summary>
    public static IReadOnlyList<RetrievalMetric> MetricsOf(GateSettings gate) => [.. gate.Metrics.Select(RetrievalMetric.Parse)];
}
