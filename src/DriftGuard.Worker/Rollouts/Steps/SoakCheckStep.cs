using DriftGuard.Core.Calibration;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>
/// Judges what serves in the soak. By the labels: the calibration set is scored against the serving collection again, compared by query with what the old
/// collection scored at the gate; queries whose relevant documents were deleted, or whose judgements were edited since, are left out. And by live searches:
/// how many fail, find nothing, and how long they take, against those of the old collection. Worse twice in a row by either is a breach.
/// </summary>
internal sealed class SoakCheckStep(
    ModelPool models, CalibrationSets sets, LabelReader labels, CollectionScorer scorer, Evaluator evaluator, DocumentTexts texts, IndexCorpora corpora, StateStore state,
    LiveSearches searches, TimeProvider time) : IRolloutStep
{
    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.CheckSoak];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var rollout = seen.Rollout;
        var last = rollout.LastSoakCheck;
        var before = rollout.SearchesBefore ?? await searches.BeforeAsync(rollout, cancellation);
        var (live, labelled) = (SoakRule.Judge(before, await searches.SinceAsync(rollout, cancellation), rollout.Settings.SoakLimits), await ByLabelsAsync(rollout, cancellation));
        return rollout with
        {
            SearchesBefore = before,
            LastSoakCheck = SoakOutcome.Of(
                SoakTally.After(last?.ByLabels(), labelled.Verdict, labelled.Message),
                SoakTally.After(last?.Live, live.Verdict, live.Message),
                time.GetUtcNow()),
        };
    }

    /// <summary>A model that cannot be asked says nothing of the labels; whether searches fail for it as well is seen by them.</summary>
    private async Task<(SoakVerdict Verdict, string Message)> ByLabelsAsync(Rollout rollout, CancellationToken cancellation)
    {
        try
        {
            return await ScoreAsync(rollout, cancellation);
        }
        catch (Exception failure) when (failure is OperatorException or CalibrationSetException || ModelsAtHand.IsOfModel(failure))
        {
            return (SoakVerdict.Inconclusive, $"the calibration set cannot be scored: {failure.Message}");
        }
    }

    private async Task<(SoakVerdict Verdict, string Message)> ScoreAsync(Rollout rollout, CancellationToken cancellation)
    {
        var (whole, model) = (sets.Load(rollout.CalibrationSet), models.Get(rollout.ToModel, rollout.ToFingerprint));
        var metrics = Evaluator.MetricsOf(rollout.Settings.Gate);
        var baseline = (rollout.Gate is { EvaluationId: var gate } ? await evaluator.FindAsync(gate, cancellation) : null)
            ?? throw new OperatorException(OperatorError.NotFound, $"the gate's evaluation {rollout.Gate?.EvaluationId} is not in the state any more");
        var (intact, stale) = await labels.IntactAsync(rollout.Green, whole, cancellation);
        var atTheGate = baseline.Queries.ToDictionary(q => q.Id, StringComparer.Ordinal);
        var set = intact.Only(query => IsAsAtTheGate(atTheGate, whole, query));
        if (set.Queries.Count == 0)
        {
            return (SoakVerdict.Inconclusive, $"no query of {whole.Name} has the judgements of the gate and all its relevant documents any more");
        }

        var corpus = corpora.Of((await state.FindIndexAsync(rollout.Index, cancellation))!);
        var found = await scorer.SearchAsync(rollout.Green, corpus.Vector, model, set, CollectionScorer.DepthOf(metrics), cancellation);
        var compared = ComparedSides.Of(
            set, metrics, AtTheGate(baseline, set, metrics.Count), ScoredSide.Of(rollout.Green, model, set, metrics, found), Evaluator.OptionsOf(rollout.Settings.Gate));

        // The old collection may be gone; the new one holds the same documents.
        var report = await DocumentTexts.AddAsync(
            EvaluationBuilder.Of(new(EvaluationKind.Soak, rollout.Index, time.GetUtcNow()), compared) with { Labels = stale, Notes = [.. EvaluationSentence.NotesOnLabels(set), .. NotesOf(intact, set)] },
            texts.Of(rollout.Green, set, corpus), texts.Of(rollout.Green, set, corpus), cancellation);
        await evaluator.StoreAsync(report, rollout.Id, cancellation);
        return (compared.Outcome switch { MatchesOrBeatsOutcome.Fail => SoakVerdict.Worse, MatchesOrBeatsOutcome.Pass => SoakVerdict.Fine, _ => SoakVerdict.Inconclusive }, report.Sentence);
    }

    /// <summary>A query that was added, worded or judged otherwise since cannot be compared with what it scored at the gate.</summary>
    private static bool IsAsAtTheGate(Dictionary<string, QueryReport> gate, CalibrationSet set, CalibrationQuery query) =>
        gate.TryGetValue(query.Id, out var then) && (then.Judged is null || then.Judged == JudgedQuery.DigestOf(set, query));

    private static IReadOnlyList<string> NotesOf(CalibrationSet intact, CalibrationSet set) => intact.Queries.Count == set.Queries.Count
        ? []
        : [$"{intact.Queries.Count - set.Queries.Count} queries were added, worded or judged otherwise since the gate, and are left out"];

    /// <summary>What the old collection scored at the gate, for the queries that are left.</summary>
    private static ScoredSide AtTheGate(EvaluationReport gate, CalibrationSet set, int metrics)
    {
        var queries = gate.Queries.ToDictionary(q => q.Id, StringComparer.Ordinal);
        var exact = set.Queries.All(q => queries.GetValueOrDefault(q.Id)?.OldExact is not null);
        return new(
            gate.Old.Collection, gate.Old.Model, gate.Old.Fingerprint, Values(query => query?.Old), exact ? Values(query => query?.OldExact) : null,
            [.. set.Queries.Select(q => queries.GetValueOrDefault(q.Id)?.OldFound ?? [])])
        {
            P95Milliseconds = gate.Old.P95Milliseconds,
            Unembeddable = gate.Old.Unembeddable,
        };

        IReadOnlyList<IReadOnlyList<double>> Values(Func<QueryReport?, IReadOnlyList<double>?> of) =>
            [.. Enumerable.Range(0, metrics).Select(m => (IReadOnlyList<double>)[.. set.Queries.Select(q => of(queries.GetValueOrDefault(q.Id))?[m] ?? 0)])];
    }
}
