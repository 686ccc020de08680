using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>
/// Scores the calibration set against the serving collection again, compared by query with what the old collection scored at the
/// gate; queries whose relevant documents were deleted since are left out. Worse twice in a row is a breach: one look alone may be an
/// accident of the moment.
/// </summary>
internal sealed class SoakCheckStep(
    ModelPool models, CalibrationSets sets, LabelReader labels, CollectionScorer scorer, Evaluator evaluator, TimeProvider time) : IRolloutStep
{
    private const int WorseInARow = 2;

    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.CheckSoak];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var rollout = seen.Rollout;
        var (whole, model) = (sets.Load(rollout.CalibrationSet), models.Get(rollout.ToModel, rollout.ToFingerprint));
        var metrics = Evaluator.MetricsOf(rollout.Settings.Gate);
        var (set, _) = await labels.IntactAsync(rollout.Green, whole, cancellation);
        if (set.Queries.Count == 0)
        {
            return rollout with { LastSoakCheck = new(false, 0, $"no query of {whole.Name} has all its relevant documents any more", time.GetUtcNow()) };
        }

        var baseline = await evaluator.FindAsync(rollout.Gate!.EvaluationId, cancellation)
            ?? throw new OperatorException(OperatorError.NotFound, $"the gate's evaluation {rollout.Gate.EvaluationId} is not in the state any more");
        var oldByQuery = baseline.Queries.ToDictionary(q => q.Id, q => q.Old, StringComparer.Ordinal);
        var old = metrics.Select((_, m) => (IReadOnlyList<double>)[.. set.Queries.Select(q => oldByQuery.GetValueOrDefault(q.Id)?[m] ?? 0)]).ToList();
        var found = await scorer.SearchAsync(rollout.Green, model, set, CollectionScorer.DepthOf(metrics), cancellation);
        var now = EvaluationFigures.Values(set, metrics, found.Approximate);
        var decision = Evaluator.Compare(set, metrics, old, now, Evaluator.OptionsOf(rollout.Settings.Gate));
        var report = new EvaluationReport
        {
            Id = Evaluator.NewId(rollout.Index),
            Kind = "soak",
            Index = rollout.Index,
            CalibrationSet = set.Name,
            At = time.GetUtcNow(),
            Metrics = [.. metrics.Select(m => m.Name)],
            Old = baseline.Old,
            New = Evaluator.SideOf(rollout.Green, model, set, metrics, found),
            Comparisons = [.. decision.Metrics.Select(m => new ComparedMetric(m.Metric.Name, m.Result))],
            Queries = EvaluationFigures.Queries(set, old, [.. set.Queries.Select(_ => (IReadOnlyList<string>)[])], now, found.Approximate),
            Sentence = decision.Sentence,
        };
        await evaluator.StoreAsync(report, rollout.Id, decision.Outcome.ToString(), cancellation);

        var worse = decision.Outcome == MatchesOrBeatsOutcome.Fail ? (rollout.LastSoakCheck?.WorseInARow ?? 0) + 1 : 0;
        return rollout with { LastSoakCheck = new(worse >= WorseInARow, worse, decision.Sentence, time.GetUtcNow()) };
    }
}
