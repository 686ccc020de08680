using System.Globalization;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Findings;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Retrieval;
using DriftGuard.Qdrant;
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
internal sealed class QualityDetector(CalibrationSets sets, LabelReader labels, CollectionScorer scorer, QdrantStore qdrant) : IDriftDetector
{
    private const int AnnDepth = 10;
    private const int WorstShown = 10;

    /// <summary>With a larger part of the queries left out, since their documents are gone, what is left is another set.</summary>
    private const double MostAffected = .05;

    /// <summary>A corpus that has grown or shrunk by more than this part is another one than the baseline was scored on.</summary>
    private const double OtherCorpus = .2;

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

        var points = (long)await qdrant.CountAsync(collection, cancellationToken: cancellation);
        if (points == 0)
        {
            return Without(DriftVerdict.InsufficientData, DriftReason.TooFew, $"'{subject.Index}' is empty: 'driftguard index load {subject.Index} FILE' fills it");
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
        if (subject.Baseline?.Quality is not { } baseline)
        {
            return Without(
                DriftVerdict.InsufficientData, DriftReason.NothingToCompareWith,
                subject.Baseline is null ? BaselineKind.NoneYet(subject.Index) : $"the baseline has no scores of calibration set {name}: 'driftguard drift baseline {subject.Index}' takes a new one") with
            {
                Quality = findings,
            };
        }

        var known = intact.Only(query => baseline.Queries.ContainsKey(query.Id) && baseline.Judgements.GetValueOrDefault(query.Id) == QualityBaseline.DigestOf(intact, query));
        if (baseline.CalibrationSet != name || known.Queries.Count == 0)
        {
            return Without(
                DriftVerdict.InsufficientData, baseline.CalibrationSet != name ? DriftReason.BaselineDoesNotFit : DriftReason.LabelsStale,
                baseline.CalibrationSet != name
                    ? $"the baseline is of calibration set {baseline.CalibrationSet}, the index now has {name}: take a new one with 'driftguard drift baseline {subject.Index}'"
                    : $"no query of {name} is in the baseline and has all its relevant documents in the index: {stale.Missing} of {stale.Relevant} are gone") with
            {
                Quality = findings,
                ComparedWith = subject.Baseline.Id,
            };
        }

        return (await CompareAsync(model, collection, subject.Corpus.Vector, points, known, subject.Baseline, findings, cancellation)) with { ComparedWith = subject.Baseline.Id };
    }

    private async Task<DetectorResult> CompareAsync(
        ITextEmbedder model, string collection, string vector, long points, CalibrationSet set, DriftBaseline whole, QualityFindings findings, CancellationToken cancellation)
    {
        var baseline = whole.Quality!;
        IReadOnlyList<RetrievalMetric> metrics = [.. baseline.Metrics.Select(RetrievalMetric.Parse)];
        var then = metrics.Select((_, m) => (IReadOnlyList<double>)[.. set.Queries.Select(query => baseline.Queries[query.Id][m])]).ToList();
        var depth = Math.Max(AnnDepth, CollectionScorer.DepthOf(metrics));
        var found = await scorer.SearchAsUsersAsync(collection, vector, model, set, depth, cancellation);
        var scored = Score(found, set, metrics, then);
        var runs = 1;
        var agreed = false;
        double? annRecall = null;
        if (scored.Decision.Outcome == MatchesOrBeatsOutcome.Fail)
        {
            runs = 2;
            var fresh = await scorer.SearchAsync(collection, vector, model, set, depth, cancellation);
            agreed = Score(fresh.Approximate, set, metrics, then).Decision.Outcome == MatchesOrBeatsOutcome.Fail;
            annRecall = fresh.AnnRecall(AnnDepth).Recall;
        }

        // Documents that nobody judged push judged ones aside: with many new ones, less is found where nothing is wrong.
        var otherCorpus = Math.Abs(points - whole.Points) > OtherCorpus * Math.Max(1, whole.Points);

        findings = findings with
        {
            Queries = set.Queries.Count,
            Metrics = [.. scored.Decision.Metrics.Select(m => new MetricDrift(m.Metric.Name, m.Result.MeanOld, m.Result.MeanNew, m.Result))],
            Worst = Worst(set, then[0], scored.Now[0]),
            AnnRecall = annRecall,
        };
        var grown = otherCorpus ? string.Create(CultureInfo.InvariantCulture, $"; the collection has {points:N0} points, {whole.Points:N0} at the baseline: take a new one with 'driftguard drift baseline' once the labels fit") : "";
        var unchanged = scored.Now.Zip(then).All(pair => pair.First.SequenceEqual(pair.Second));
        var (verdict, reason) = scored.Decision.Outcome switch
        {
            MatchesOrBeatsOutcome.Fail when otherCorpus => (DriftVerdict.Suspected, DriftReason.BaselineDoesNotFit),
            MatchesOrBeatsOutcome.Fail when agreed => (DriftVerdict.Confirmed, DriftReason.BeyondTolerance),
            MatchesOrBeatsOutcome.Fail => (DriftVerdict.Suspected, DriftReason.BeyondToleranceOnce),
            _ when findings.Labels is { } gone && gone.QueriesAffected > MostAffected * (set.Queries.Count + gone.QueriesAffected) => (DriftVerdict.InsufficientData, DriftReason.LabelsStale),
            MatchesOrBeatsOutcome.Pass => (DriftVerdict.None, DriftReason.WithinTolerance),
            _ when unchanged => (DriftVerdict.None, DriftReason.WithinTolerance),
            _ => (DriftVerdict.InsufficientData, DriftReason.TooFew),
        };
        var first = scored.Decision.Metrics[0].Result;
        var left = findings.Labels is { Missing: > 0 } stale ? $"; {stale.QueriesAffected} queries are left out, since {stale.Missing} relevant documents are gone" : "";
        return Without(verdict, reason, (unchanged ? $"every one of {set.Queries.Count} queries scores as at the baseline" : scored.Decision.Sentence) + left + grown) with
        {
            Statistic = new("mean_difference", first.MeanDifference),
            Effect = new(metrics[0].Name, first.MeanDifference) { Lower = first.LowerBound, Upper = first.UpperBound },
            Samples = new Dictionary<string, long>(StringComparer.Ordinal) { ["queries"] = set.Queries.Count, ["groups"] = set.GroupCount },
            Runs = runs,
            Quality = findings,
        };
    }

    private static Scored Score(IReadOnlyList<IReadOnlyList<string>> found, CalibrationSet set, IReadOnlyList<RetrievalMetric> metrics, List<IReadOnlyList<double>> then)
    {
        var now = EvaluationFigures.Values(set, metrics, found);
        return new(now, Evaluator.Compare(set, metrics, then, now, new()));
    }

    private static IReadOnlyList<DriftFigure> Worst(CalibrationSet set, IReadOnlyList<double> then, IReadOnlyList<double> now) =>
        [.. set.Queries.Select((query, i) => new DriftFigure(query.Id, now[i] - then[i])).Where(fall => fall.Value < 0)
            .OrderBy(fall => fall.Value).ThenBy(fall => fall.Name, StringComparer.Ordinal).Take(WorstShown)];

    private static DetectorResult Without(DriftVerdict verdict, string reason, string sentence) => DetectorResult.Without(Detector.Quality, verdict, reason, sentence);

    private sealed record Scored(IReadOnlyList<IReadOnlyList<double>> Now, MatchesOrBeatsDecision Decision);
}
