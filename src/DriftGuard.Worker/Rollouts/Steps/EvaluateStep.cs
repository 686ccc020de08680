using DriftGuard.Core.Gate;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Calibration.Thresholds;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>Gathers the gate's evidence, evaluates it and stores the report with every query's result.</summary>
internal sealed class EvaluateStep(
    QdrantStore qdrant, StateStore state, ModelPool models, CalibrationSets sets, CollectionScorer scorer, Evaluator evaluator,
    LabelReader labels, VectorExaminer vectors, ThresholdStore thresholds, RolloutProgress progress, TimeProvider time) : IRolloutStep
{
    /// <summary>Results of approximate and exact search that are compared.</summary>
    private const int AnnDepth = 10;

    private const int ParkedNamed = 3;

    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.Evaluate];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var rollout = seen.Rollout;
        var (gate, set) = (rollout.Settings.Gate, sets.Load(rollout.CalibrationSet));
        progress.Begin(rollout.Id, "evaluating", set.Queries.Count);
        var (oldModel, newModel) = (models.Get(rollout.FromModel, rollout.FromFingerprint), models.Get(rollout.ToModel, rollout.ToFingerprint));
        var metrics = Evaluator.MetricsOf(gate);
        var depth = Math.Max(AnnDepth, CollectionScorer.DepthOf(metrics));
        var old = await scorer.SearchAsync(rollout.Blue, oldModel, set, depth, cancellation);
        var candidate = await scorer.SearchAsync(rollout.Green, newModel, set, depth, cancellation);
        var (oldValues, newValues) = (EvaluationFigures.Values(set, metrics, old.Approximate), EvaluationFigures.Values(set, metrics, candidate.Approximate));
        var comparison = Evaluator.Compare(
            set, metrics, oldValues, newValues, Evaluator.OptionsOf(gate), rollout.FromFingerprint == rollout.ToFingerprint);

        var evidence = new GateEvidence
        {
            Completeness = await CompletenessAsync(rollout, cancellation),
            Vectors = await vectors.ExamineAsync(rollout.Green, newModel.Spec, await state.PartitionsAsync(rollout.Id, cancellation), cancellation),
            Index = await IndexAsync(rollout, candidate, cancellation),
            Retrieval = new(comparison, await labels.StaleAsync(rollout.Blue, set, cancellation), Evaluator.CompareSlices(set, comparison, oldValues[0], newValues[0])),
            Latency = new(old.P95, candidate.P95, gate.LatencyRatioCeiling),
            Thresholds = await thresholds.EvidenceAsync(rollout.Index, rollout.FromFingerprint, rollout.ToFingerprint, rollout.ToModel, cancellation),
        };
        var report = CutoverGate.Evaluate(evidence);
        var evaluation = new EvaluationReport
        {
            Id = Evaluator.NewId(rollout.Index),
            Kind = "gate",
            Index = rollout.Index,
            CalibrationSet = set.Name,
            At = time.GetUtcNow(),
            Metrics = [.. metrics.Select(m => m.Name)],
            Old = Evaluator.SideOf(rollout.Blue, oldModel, set, metrics, old),
            New = Evaluator.SideOf(rollout.Green, newModel, set, metrics, candidate),
            Comparisons = [.. comparison.Metrics.Select(m => new ComparedMetric(m.Metric.Name, m.Result))],
            Gate = report,
            Labels = evidence.Retrieval.Labels,
            Queries = EvaluationFigures.Queries(set, oldValues, old.Approximate, newValues, candidate.Approximate),
            Sentence = report.Sentence,
        };
        await evaluator.StoreAsync(evaluation, rollout.Id, report.Decision.ToString(), cancellation);
        return rollout with { Gate = new(report.Decision, report.Sentence, evaluation.Id, evaluation.At) };
    }

    private async Task<CompletenessEvidence> CompletenessAsync(Rollout rollout, CancellationToken cancellation)
    {
        var parked = await state.ParkedAsync(rollout.Id, cancellation);
        var partitions = await state.PartitionsAsync(rollout.Id, cancellation);
        return new(
            (long)await qdrant.CountAsync(rollout.Blue, cancellationToken: cancellation),
            (long)await qdrant.CountAsync(rollout.Green, cancellationToken: cancellation),
            rollout.LastPass!.Changes,
            parked.Count,
            partitions.Sum(p => p.Truncated),
            [.. parked.Take(ParkedNamed).Select(p => $"{p.PointId}: {p.Reason}")]);
    }

    private async Task<IndexEvidence> IndexAsync(Rollout rollout, SearchedSet found, CancellationToken cancellation)
    {
        var readiness = await IndexReadinessReader.ReadAsync(qdrant, rollout.Green, cancellation);
        var (recall, queries) = found.AnnRecall(AnnDepth);
        return new(readiness.Ready, readiness.Message, recall, rollout.Settings.Gate.AnnRecallFloor, AnnDepth, queries);
    }
}
