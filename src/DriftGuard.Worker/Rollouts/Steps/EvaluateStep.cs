using System.Text.Json;
using DriftGuard.Core.Gate;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Estimates;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Rollouts.Planning;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>Gathers the gate's evidence, evaluates it and stores the report with every query's result.</summary>
internal sealed class EvaluateStep(
    QdrantStore qdrant, StateStore state, ModelPool models, CalibrationSets sets, CollectionScorer scorer, Evaluator evaluator,
    LabelReader labels, DocumentTexts texts, VectorExaminer vectors, CorpusMeasurer measurer, DriftGuardOptions options, RolloutProgress progress, TimeProvider time) : IRolloutStep
{
    /// <summary>Results of approximate and exact search that are compared.</summary>
    private const int AnnDepth = 10;

    private const int ParkedNamed = 3;

    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.Evaluate];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var rollout = seen.Rollout;
        var (gate, set) = (rollout.Settings.Gate, sets.Load(rollout.CalibrationSet));
        var index = await state.FindIndexAsync(rollout.Index, cancellation);
        progress.Begin(rollout.Id, "evaluating", set.Queries.Count);
        var (oldModel, newModel) = (models.Get(rollout.FromModel, rollout.FromFingerprint), models.Get(rollout.ToModel, rollout.ToFingerprint));
        var metrics = Evaluator.MetricsOf(gate);
        var depth = Math.Max(AnnDepth, CollectionScorer.DepthOf(metrics));
        var old = await scorer.SearchAsync(rollout.Blue, oldModel, set, depth, cancellation);
        var candidate = await scorer.SearchAsync(rollout.Green, newModel, set, depth, cancellation);
        var compared = ComparedSides.Of(
            set, metrics, ScoredSide.Of(rollout.Blue, oldModel, set, metrics, old), ScoredSide.Of(rollout.Green, newModel, set, metrics, candidate), Evaluator.OptionsOf(gate));

        var evidence = new GateEvidence
        {
            Completeness = await CompletenessAsync(rollout, cancellation),
            Vectors = await vectors.ExamineAsync(rollout.Green, newModel.Spec, await state.PartitionsAsync(rollout.Id, cancellation), cancellation),
            Index = await IndexAsync(rollout, candidate, cancellation),
            Retrieval = new(compared.Decision, await labels.StaleAsync(rollout.Blue, set, cancellation), compared.Slices, compared.Exact),
            Latency = new(old.P95, candidate.P95, gate.LatencyRatioCeiling),
            Budget = await BudgetAsync(rollout, newModel, cancellation),
            RequireApproval = rollout.Settings.RequireApproval,
        };
        var report = CutoverGate.Evaluate(evidence);
        var evaluation = await DocumentTexts.AddAsync(
            EvaluationBuilder.Of(new(EvaluationKind.Gate, rollout.Index, time.GetUtcNow()), compared) with
            {
                Gate = report,
                Labels = evidence.Retrieval.Labels,
                Verdict = JsonNamingPolicy.SnakeCaseLower.ConvertName(report.Decision.ToString()),
                Sentence = report.Sentence,
            },
            texts.Of(rollout.Blue, set, index!.TextField), texts.Of(rollout.Green, set, index.TextField), cancellation);
        await evaluator.StoreAsync(evaluation, rollout.Id, cancellation);
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

    /// <summary>
    /// What was embedded and stands in green, held against the budget as it is configured now: a budget that is raised mends a gate that it
    /// blocked. A rollout that was started beyond its budget on purpose is not held against it.
    /// </summary>
    private async Task<BudgetEvidence?> BudgetAsync(Rollout rollout, ITextEmbedder model, CancellationToken cancellation)
    {
        if (rollout.Settings.Budget is null || options.Rollout.Budget.ToBudget() is not { } budget)
        {
            return null;
        }

        var estimate = rollout.Estimate ?? await MeasureAsync(rollout, model, cancellation);
        var embedded = (await state.PartitionsAsync(rollout.Id, cancellation)).Sum(p => p.Copied) + rollout.WritesCarried;
        return new(estimate with { Texts = embedded, Points = (long)await qdrant.CountAsync(rollout.Green, cancellationToken: cancellation) }, budget);
    }

    private async Task<RolloutEstimate> MeasureAsync(Rollout rollout, ITextEmbedder model, CancellationToken cancellation)
    {
        var index = await state.FindIndexAsync(rollout.Index, cancellation);
        var green = await qdrant.FindCollectionAsync(rollout.Green, cancellation)
            ?? throw new OperatorException(OperatorError.NotFound, $"collection {rollout.Green} is gone");
        return await measurer.MeasureAsync(green, index!.TextField, model, rollout.Settings, seed: 1, cancellation);
    }

    private async Task<IndexEvidence> IndexAsync(Rollout rollout, SearchedSet found, CancellationToken cancellation)
    {
        var readiness = await IndexReadinessReader.ReadAsync(qdrant, rollout.Green, cancellation);
        var (recall, queries) = found.AnnRecall(AnnDepth);
        return new(readiness.Ready, readiness.Message, recall, rollout.Settings.Gate.AnnRecallFloor, AnnDepth, queries);
    }
}
