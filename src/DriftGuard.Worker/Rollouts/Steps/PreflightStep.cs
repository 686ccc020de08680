using System.Globalization;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Embedding;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Retrieval;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Points;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>
/// Scores a sub-corpus under both models before anything is copied. It refuses a candidate only where the 99 % bound lies below the
/// margin on a metric, and never passes one: levels on a sub-corpus are too high, and differences not to scale.
/// </summary>
internal sealed class PreflightStep(
    QdrantStore qdrant, StateStore state, ModelPool models, CalibrationSets sets, SubCorpusSampler sampler, Evaluator evaluator,
    RolloutProgress progress, TimeProvider time) : IRolloutStep
{
    private const double RefusalAlpha = .01;
    private const int PointsAPage = 200;

    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.RunPreflight];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var rollout = seen.Rollout;
        var (set, oldModel, newModel) = (sets.Load(rollout.CalibrationSet), models.Get(rollout.FromModel, rollout.FromFingerprint), models.Get(rollout.ToModel, rollout.ToFingerprint));
        var index = await state.FindIndexAsync(rollout.Index, cancellation);
        progress.Begin(rollout.Id, "preflight", 0);
        var sub = await sampler.DrawAsync(rollout.Blue, set, Seed(rollout.Id), cancellation);
        var points = await ReadAsync(rollout.Blue, sub, cancellation);
        var texts = points.ConvertAll(p => p.Point.Text(index!.TextField) ?? "");
        var newVectors = await newModel.EmbedAsync(texts, InputKind.Document, cancellation);
        var both = Enumerable.Range(0, points.Count).Where(i => newVectors[i].IsEmbedded && points[i].Vector.Length == oldModel.Spec.Dimensions).ToList();

        var drawn = sub.Queries.Select(i => set.Queries[i].Id).ToHashSet(StringComparer.Ordinal);
        var chosen = set.Only(query => drawn.Contains(query.Id));
        var metrics = Evaluator.MetricsOf(rollout.Settings.Gate);
        var old = await SearchAsync(oldModel, chosen, [.. both.Select(i => (points[i].DocumentId, points[i].Vector))], metrics, cancellation);
        var @new = await SearchAsync(newModel, chosen, [.. both.Select(i => (points[i].DocumentId, newVectors[i].Vector!))], metrics, cancellation);
        var compared = ComparedSides.Of(
            chosen, metrics, ScoredSide.Exactly(rollout.Blue, oldModel, chosen, metrics, old), ScoredSide.Exactly("sub-corpus", newModel, chosen, metrics, @new),
            Evaluator.OptionsOf(rollout.Settings.Gate) with { Alpha = RefusalAlpha, Rule = ComparisonRule.Paired });
        var comparison = compared.Decision;
        var hopeless = comparison.Metrics.Where(m => m.Result.UpperBound < -m.Result.Margin).ToList();
        var message = MessageOf(comparison, hopeless, sub, both.Count);

        var documents = both.DistinctBy(i => points[i].DocumentId).ToDictionary(i => points[i].DocumentId, i => texts[i], StringComparer.Ordinal);
        var report = await DocumentTexts.AddAsync(
            EvaluationBuilder.Of(new(EvaluationKind.Preflight, rollout.Index, time.GetUtcNow()), compared) with
            {
                SubCorpus = new(sub.Queries.Count, both.Count),
                Seed = sub.Seed,
                Verdict = hopeless.Count > 0 ? "refused" : "not_refused",
                Sentence = message,
            },
            DocumentTexts.Of(documents), null, cancellation);
        await evaluator.StoreAsync(report, rollout.Id, cancellation);
        return rollout with
        {
            Preflight = new(hopeless.Count > 0, message, report.Id),
            Failure = hopeless.Count > 0 ? new(RolloutReason.PreflightRefused, message) : null,
        };
    }

    private static string MessageOf(MatchesOrBeatsDecision comparison, List<MetricComparison> hopeless, SubCorpus sub, int documents)
    {
        var size = string.Create(CultureInfo.InvariantCulture, $"{sub.Queries.Count} queries and {documents} documents");
        var told = string.Join(", ", (hopeless.Count > 0 ? hopeless : comparison.Metrics).Select(m => string.Create(CultureInfo.InvariantCulture,
            $"{m.Metric.Name} {m.Result.MeanDifference:+0.000;-0.000;0.000} (99 % upper bound {m.Result.UpperBound:+0.000;-0.000;0.000}, margin {m.Result.Margin:0.00})")));
        return hopeless.Count > 0
            ? $"the preflight refuses: on {size} the loss is beyond the margin: {told}"
            : $"the preflight does not refuse (it never passes): on {size}: {told}";
    }

    /// <summary>The same sub-corpus is drawn again when the step is repeated.</summary>
    private static int Seed(string rolloutId) => BitConverter.ToInt32(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(rolloutId))) & int.MaxValue;

    private static async Task<IReadOnlyList<IReadOnlyList<string>>> SearchAsync(
        ITextEmbedder model, CalibrationSet set, List<(string Id, float[] Vector)> documents, IReadOnlyList<RetrievalMetric> metrics, CancellationToken cancellation)
    {
        var depth = CollectionScorer.DepthOf(metrics);
        var queries = await model.EmbedAsync([.. set.Queries.Select(q => q.Text)], InputKind.Query, cancellation);
        return [.. queries.Select(q => q.IsEmbedded ? ExactRanking.Rank(q.Vector, documents, model.Spec.Distance, depth) : [])];
    }

    /// <summary>The old side is what is stored: that is what users' searches find.</summary>
    private async Task<List<(string DocumentId, SourcePoint Point, float[] Vector)>> ReadAsync(string collection, SubCorpus sub, CancellationToken cancellation)
    {
        var names = sub.Documents.ToDictionary(d => d.Point, d => d.DocumentId);
        var read = new List<(string, SourcePoint, float[])>(names.Count);
        foreach (var page in names.Keys.Chunk(PointsAPage))
        {
            var points = await qdrant.RetrieveAsync(collection, page, ReadShape.Everything, cancellation);
            read.AddRange(points.Select(p => (names[WireForms.IdOf(p)], SourcePoint.Of(p), WireForms.VectorOf(p) ?? [])));
        }

        return read;
    }
}
