using System.Globalization;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Embedding;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Retrieval;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Rollouts.Planning;

/// <summary>What a preflight scores.</summary>
/// <param name="Index">Name of the index.</param>
/// <param name="Collection">The collection that serves.</param>
/// <param name="Corpus">Where the texts are, and which vector is made anew.</param>
/// <param name="Set">The calibration set.</param>
/// <param name="From">The model that made its vectors.</param>
/// <param name="To">The candidate.</param>
/// <param name="Gate">The gate's settings.</param>
/// <param name="Seed">Seed of the sub-corpus.</param>
internal sealed record PreflightSubject(
    string Index, string Collection, IndexCorpus Corpus, CalibrationSet Set, ITextEmbedder From, ITextEmbedder To, GateSettings Gate, int Seed);

/// <summary>
/// Scores a sub-corpus under both models before anything is copied. It refuses a candidate only where the 99 % bound lies below the
/// margin on a metric, and never passes one: levels on a sub-corpus are too high, and differences not to scale.
/// </summary>
internal sealed class Preflight(QdrantStore qdrant, SubCorpusSampler sampler, TimeProvider time)
{
    private const double RefusalAlpha = .01;
    private const int PointsAPage = 200;

    /// <summary>Draws, embeds and scores; nothing is written.</summary>
    /// <returns>The report, and whether the candidate is hopeless.</returns>
    public async Task<(EvaluationReport Report, bool Refused)> RunAsync(PreflightSubject subject, CancellationToken cancellation)
    {
        var (set, oldModel, newModel) = (subject.Set, subject.From, subject.To);
        var sub = await sampler.DrawAsync(subject.Collection, set, subject.Seed, cancellation);
        var points = await ReadAsync(subject, sub, cancellation);
        var texts = points.ConvertAll(p => p.Text ?? "");
        var newVectors = await newModel.EmbedAsync(texts, InputKind.Document, cancellation);
        var both = Enumerable.Range(0, points.Count).Where(i => newVectors[i].IsEmbedded && points[i].Vector.Length == oldModel.Spec.Dimensions).ToList();

        var drawn = sub.Queries.Select(i => set.Queries[i].Id).ToHashSet(StringComparer.Ordinal);
        var chosen = set.Only(query => drawn.Contains(query.Id));
        var metrics = Evaluator.MetricsOf(subject.Gate);
        var old = await SearchAsync(oldModel, chosen, [.. both.Select(i => (points[i].DocumentId, points[i].Vector))], metrics, cancellation);
        var @new = await SearchAsync(newModel, chosen, [.. both.Select(i => (points[i].DocumentId, newVectors[i].Vector!))], metrics, cancellation);
        var (left, right) = (
            ScoredSide.Exactly($"sub-corpus of {subject.Collection}", oldModel, chosen, metrics, old), ScoredSide.Exactly($"sub-corpus of {subject.Collection}, in memory", newModel, chosen, metrics, @new));
        var options = Evaluator.OptionsOf(subject.Gate) with { Alpha = RefusalAlpha, Rule = ComparisonRule.Paired };
        var margin = MarginOf(subject, Evaluator.Compare(chosen, metrics, left.Values, right.Values, options));
        var compared = ComparedSides.Of(chosen, metrics, left, right, options with { Margin = margin });
        var hopeless = compared.Decision.Metrics.Where(m => m.Result.UpperBound < -m.Result.Margin).ToList();
        var documents = both.DistinctBy(i => points[i].DocumentId, StringComparer.Ordinal).ToDictionary(i => points[i].DocumentId, i => texts[i], StringComparer.Ordinal);
        var report = await DocumentTexts.AddAsync(
            EvaluationBuilder.Of(new(EvaluationKind.Preflight, subject.Index, time.GetUtcNow()), compared) with
            {
                SubCorpus = new(sub.Queries.Count, both.Count),
                Seed = sub.Seed,
                Verdict = hopeless.Count > 0 ? "refused" : "not_refused",
                Sentence = MessageOf(compared.Decision, hopeless, sub, both.Count),
            },
            DocumentTexts.Of(documents), null, cancellation);
        return (report, hopeless.Count > 0);
    }

    /// <summary>The gate's margin, which goes by the queries of the whole set and not by the few that are looked at here.</summary>
    private static double MarginOf(PreflightSubject subject, MatchesOrBeatsDecision onSubCorpus) =>
        subject.Gate.Margin ?? DefaultMargin.For(subject.Set.Queries.Count, subject.Set.Queries.Count / onSubCorpus.Metrics.Max(metric => metric.Result.DesignEffect ?? 1));

    private static string MessageOf(MatchesOrBeatsDecision comparison, List<MetricComparison> hopeless, SubCorpus sub, int documents)
    {
        var size = string.Create(CultureInfo.InvariantCulture, $"{sub.Queries.Count} queries and {documents} documents");
        var told = string.Join(", ", (hopeless.Count > 0 ? hopeless : comparison.Metrics).Select(Told));
        return hopeless.Count > 0
            ? $"the preflight refuses: on {size} the loss is beyond the margin: {told}"
            : $"the preflight does not refuse (it never passes): on {size}: {told}";
    }

    private static string Told(MetricComparison metric) => metric.Result.UpperBound is { } upper
        ? string.Create(CultureInfo.InvariantCulture, $"{metric.Metric.Name} {metric.Result.MeanDifference:+0.000;-0.000;0.000} (99 % upper bound {upper:+0.000;-0.000;0.000}, margin {metric.Result.Margin:0.00})")
        : $"{metric.Metric.Name} cannot be told from {metric.Result.Queries} quer{(metric.Result.Queries == 1 ? "y" : "ies")}";

    private static async Task<IReadOnlyList<IReadOnlyList<string>>> SearchAsync(
        ITextEmbedder model, CalibrationSet set, List<(string Id, float[] Vector)> documents, IReadOnlyList<RetrievalMetric> metrics, CancellationToken cancellation)
    {
        var depth = CollectionScorer.DepthOf(metrics);
        var queries = await model.EmbedAsync([.. set.Queries.Select(q => q.Text)], InputKind.Query, cancellation);
        return [.. queries.Select(q => q.IsEmbedded ? ExactRanking.Rank(q.Vector, documents, model.Spec.Distance, depth) : [])];
    }

    /// <summary>The old side is what is stored: that is what users' searches find.</summary>
    private async Task<List<(string DocumentId, string? Text, float[] Vector)>> ReadAsync(PreflightSubject subject, SubCorpus sub, CancellationToken cancellation)
    {
        var names = sub.Documents.ToDictionary(d => d.Point, d => d.DocumentId);
        var read = new List<(string, string?, float[])>(names.Count);
        foreach (var page in names.Keys.Chunk(PointsAPage))
        {
            var points = await qdrant.RetrieveAsync(subject.Collection, page, subject.Corpus.Owned, cancellation);
            var texts = await subject.Corpus.Source.TextsAsync(points, cancellation);
            read.AddRange(points.Select((p, i) => (names[WireForms.IdOf(p)], texts[i].Text, WireForms.VectorOf(p, subject.Corpus.Vector) ?? [])));
        }

        return read;
    }
}
