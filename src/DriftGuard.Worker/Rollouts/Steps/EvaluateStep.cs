using System.Text.Json;
using DriftGuard.Core.Gate;
using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>Scores both collections, has the gate decide and stores the report with every query's result.</summary>
internal sealed class EvaluateStep(
    StateStore state, ModelPool models, OldSideReader oldSide, CalibrationSets sets, CollectionScorer scorer, GateEvidenceReader evidence, Evaluator evaluator, DocumentTexts texts,
    IndexCorpora corpora, RolloutProgress progress, TimeProvider time) : IRolloutStep
{
    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.Evaluate];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var rollout = seen.Rollout;
        var (gate, set) = (rollout.Settings.Gate, sets.Load(rollout.CalibrationSet));
        var corpus = corpora.Of((await state.FindIndexAsync(rollout.Index, cancellation))!);
        progress.Begin(rollout.Id, "evaluating", set.Queries.Count);
        var before = await oldSide.ReadAsync(rollout.Index, rollout.Blue, rollout.FromModel, rollout.FromFingerprint, cancellation);
        var (oldModel, newModel) = (before.Model, models.Get(rollout.ToModel, rollout.ToFingerprint));
        var metrics = Evaluator.MetricsOf(gate);
        var depth = Math.Max(GateEvidenceReader.AnnDepth, CollectionScorer.DepthOf(metrics));
        var old = await scorer.SearchAsync(rollout.Blue, corpus.Vector, oldModel, set, depth, cancellation);
        var candidate = await scorer.SearchAsync(rollout.Green, corpus.Vector, newModel, set, depth, cancellation);
        var compared = ComparedSides.Of(
            set, metrics, ScoredSide.Of(rollout.Blue, oldModel, set, metrics, old), ScoredSide.Of(rollout.Green, newModel, set, metrics, candidate), Evaluator.OptionsOf(gate));

        var found = await evidence.ReadAsync(rollout, corpus, newModel, compared, old, candidate, cancellation);
        var report = CutoverGate.Evaluate(found);
        var built = EvaluationBuilder.Of(new(EvaluationKind.Gate, rollout.Index, time.GetUtcNow()), compared);
        var evaluation = await DocumentTexts.AddAsync(
            built with
            {
                Notes = [.. before.Notes, .. built.Notes],
                Gate = report,
                Labels = found.Retrieval.Labels,
                Verdict = JsonNamingPolicy.SnakeCaseLower.ConvertName(report.Decision.ToString()),
                Sentence = report.Sentence,
            },
            texts.Of(rollout.Blue, set, corpus), texts.Of(rollout.Green, set, corpus), cancellation);
        await evaluator.StoreAsync(evaluation, rollout.Id, cancellation);
        return rollout with
        {
            Gate = new(report.Decision, report.Sentence, evaluation.Id, evaluation.At)
            {
                AfterPass = rollout.LastPass?.Number ?? 0,
                AfterRequest = seen.Requests.Latest,
                Parked = found.Completeness.ParkedTexts,
            },
        };
    }
}
