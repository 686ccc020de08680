using DriftGuard.Core.Calibration;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Findings;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Retrieval;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Drift.Baselines;
using DriftGuard.Worker.Drift.Checks;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Drift.Detectors;

/// <summary>
/// Does retrieval still work? The calibration set now against its baseline, paired by query, by the rule of the gate: worse twice in a row is
/// confirmed. Queries whose relevant documents are gone are left out and counted.
/// </summary>
internal sealed class QualityDetector(CalibrationSets sets, LabelReader labels, CollectionScorer scorer) : IDriftDetector
{
    private const int AnnDepth = 10;
    private const int WorstShown = 10;

    public Detector Detector => Detector.Quality;

    public async Task<DetectorResult> RunAsync(DriftSubject subject, CancellationToken cancellation)
    {
        if (subject.Definition.CalibrationSet is not { } name)
        {
            return Without(DriftVerdict.InsufficientData, DriftReason.NoCalibrationSet, $"index '{subject.Index}' has no calibration set, so nobody can say whether it finds what it should");
        }

        if (subject.CollectionName is not { } collection || subject.Model is not { Embedder: { } model })
        {
            return Without(DriftVerdict.Failed, DriftReason.ModelUnavailable, subject.Model?.Problem ?? "there is no collection, or it does not say which model made its vectors");
        }

        CalibrationSet set;
        try
        {
            set = sets.Load(name);
        }
        catch (Exception problem) when (problem is CalibrationSetException or OperatorException)
        {
            return Without(DriftVerdict.Failed, DriftReason.LabelsStale, problem.Message);
        }

        var (intact, stale) = await labels.IntactAsync(collection, set, cancellation);
        var findings = new QualityFindings(name, 0, [], stale);
        if (subject.BaselineTaken || subject.Baseline?.Quality is not { } baseline)
        {
            return Without(
                DriftVerdict.InsufficientData, DriftReason.NothingToCompareWith,
                subject.BaselineTaken
                    ? $"a baseline was taken now ({subject.Baseline!.Id}); the next check compares with it"
                    : $"no baseline of calibration set {name} was taken under this model: 'driftguard drift baseline {subject.Index}' takes one") with
            { Quality = findings };
        }

        var known = intact.Only(query => baseline.Queries.ContainsKey(query.Id));
        if (baseline.CalibrationSet != name || known.Queries.Count == 0)
        {
            return Without(
                DriftVerdict.InsufficientData, baseline.CalibrationSet != name ? DriftReason.BaselineDoesNotFit : DriftReason.LabelsStale,
                baseline.CalibrationSet != name
                    ? $"the baseline is of calibration set {baseline.CalibrationSet}, the index now has {name}: take a new one with 'driftguard drift baseline {subject.Index}'"
                    : $"no query of {name} is in the baseline and has all its relevant documents in the index: {stale.Missing} of {stale.Relevant} are gone") with
            { Quality = findings, ComparedWith = subject.Baseline.Id };
        }

        return (await CompareAsync(model, collection, known, baseline, findings, cancellation)) with { ComparedWith = subject.Baseline.Id };
    }

    private async Task<DetectorResult> CompareAsync(
        ITextEmbedder model, string collection, CalibrationSet set, QualityBaseline baseline, QualityFindings findings, CancellationToken cancellation)
    {
        IReadOnlyList<RetrievalMetric> metrics = [.. baseline.Metrics.Select(RetrievalMetric.Parse)];
        var then = metrics.Select((_, m) => (IReadOnlyList<double>)[.. set.Queries.Select(query => baseline.Queries[query.Id][m])]).ToList();
        var scored = await ScoreAsync(model, collection, set, metrics, then, cancellation);
        var runs = 1;
        var agreed = false;
        if (scored.Decision.Outcome == MatchesOrBeatsOutcome.Fail)
        {
            runs = 2;
            agreed = (await ScoreAsync(model, collection, set, metrics, then, cancellation)).Decision.Outcome == MatchesOrBeatsOutcome.Fail;
        }

        findings = findings with
        {
            Queries = set.Queries.Count,
            Metrics = [.. scored.Decision.Metrics.Select(m => new MetricDrift(m.Metric.Name, m.Result.MeanOld, m.Result.MeanNew, m.Result))],
            Worst = Worst(set, then[0], scored.Now[0]),
            AnnRecall = scored.AnnRecall,
        };
        var unchanged = scored.Now.Zip(then).All(pair => pair.First.SequenceEqual(pair.Second));
        var (verdict, reason) = scored.Decision.Outcome switch
        {
            MatchesOrBeatsOutcome.Fail when agreed => (DriftVerdict.Confirmed, DriftReason.BeyondTolerance),
            MatchesOrBeatsOutcome.Fail => (DriftVerdict.Suspected, DriftReason.BeyondToleranceOnce),
            MatchesOrBeatsOutcome.Pass => (DriftVerdict.None, DriftReason.WithinTolerance),
            _ when unchanged => (DriftVerdict.None, DriftReason.WithinTolerance),
            _ => (DriftVerdict.InsufficientData, DriftReason.TooFew),
        };
        var first = scored.Decision.Metrics[0].Result;
        var gone = findings.Labels is { Missing: > 0 } stale ? $"; {stale.QueriesAffected} queries are left out, since {stale.Missing} relevant documents are gone" : "";
        return Without(verdict, reason, (unchanged ? $"every one of {set.Queries.Count} queries scores as at the baseline" : scored.Decision.Sentence) + gone) with
        {
            Statistic = new("mean_difference", first.MeanDifference),
            Effect = new(metrics[0].Name, first.MeanDifference) { Lower = first.LowerBound, Upper = first.UpperBound },
            Samples = new Dictionary<string, long>(StringComparer.Ordinal) { ["queries"] = set.Queries.Count, ["groups"] = set.GroupCount },
            Runs = runs,
            Quality = findings,
        };
    }

    private async Task<Scored> ScoreAsync(
        ITextEmbedder model, string collection, CalibrationSet set, IReadOnlyList<RetrievalMetric> metrics, List<IReadOnlyList<double>> then, CancellationToken cancellation)
    {
        var found = await scorer.SearchAsync(collection, model, set, Math.Max(AnnDepth, CollectionScorer.DepthOf(metrics)), cancellation);
        var now = EvaluationFigures.Values(set, metrics, found.Approximate);
        return new(now, Evaluator.Compare(set, metrics, then, now, new()), AnnRecall(found));
    }

    private static double AnnRecall(SearchedSet found)
    {
        var shares = found.Exact.Zip(found.Approximate).Where(pair => pair.First.Count > 0)
            .Select(pair => pair.First.Take(AnnDepth).Intersect(pair.Second.Take(AnnDepth), StringComparer.Ordinal).Count() / (double)Math.Min(AnnDepth, pair.First.Count)).ToList();
        return shares.Count == 0 ? 0 : shares.Average();
    }

    private static IReadOnlyList<DriftFigure> Worst(CalibrationSet set, IReadOnlyList<double> then, IReadOnlyList<double> now) =>
        [.. set.Queries.Select((query, i) => new DriftFigure(query.Id, now[i] - then[i])).Where(fall => fall.Value < 0)
            .OrderBy(fall => fall.Value).ThenBy(fall => fall.Name, StringComparer.Ordinal).Take(WorstShown)];

    private static DetectorResult Without(DriftVerdict verdict, string reason, string sentence) => DetectorResult.Without(Detector.Quality, verdict, reason, sentence);

    private sealed record Scored(IReadOnlyList<IReadOnlyList<double>> Now, MatchesOrBeatsDecision Decision, double AnnRecall);
}
