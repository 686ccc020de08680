using System.Globalization;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Drift.Documents;
using DriftGuard.Core.Drift.Queries;
using DriftGuard.Core.Drift.Sampling;
using DriftGuard.Core.Embedding;
using DriftGuard.Core.Statistics.TwoSample;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Drift.Enrolment;
using DriftGuard.Worker.Drift.Points;
using DriftGuard.Worker.Drift.Queries;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Drift.Baselines;

/// <summary>Takes what later checks compare with: each query's score, queries and documents as they are now, and what the collection is.</summary>
internal sealed class BaselineTaker(
    StateStore state, BaselineStore store, QdrantStore qdrant, ModelEnroller enroller, CalibrationSets sets, LabelReader labels, CollectionScorer scorer,
    PointSampler sampler, QueryScores scores, IndexCorpora corpora, TimeProvider time)
{
    /// <summary>Queries of a calibration set that stand in where none were observed.</summary>
    private const int MostCalibrationQueries = 500;

    /// <summary>Observed queries without which the calibration set's are taken.</summary>
    private const int FewestObserved = 200;

    private const int DaysOfQueries = 60;

    /// <summary>Vectors of queries that are kept; the quantile is of all of them.</summary>
    private const int MostQueryVectors = 2_000;

    /// <summary>
    /// Documents of a sample: with twice as many a smaller part of another domain is found, and the check takes four times as long to compare
    /// them.
    /// </summary>
    public const int MostDocuments = 1_000;

    /// <summary>Takes and stores a baseline of a collection that is taken to be good.</summary>
    /// <param name="serving">The index, and the collection that serves it.</param>
    /// <param name="model">Its model.</param>
    /// <param name="kind">Why, see <see cref="BaselineKind"/>.</param>
    /// <param name="seed">Seed of the samples.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<DriftBaseline> TakeAsync(ServingIndex serving, ITextEmbedder model, string kind, int seed, CancellationToken cancellation)
    {
        var (definition, collection, corpus) = (serving.Definition, serving.Collection, corpora.Of(serving.Definition));
        var at = time.GetUtcNow();
        await enroller.EnsureAsync(model, cancellation);
        var missing = new List<string>();
        var set = Load(definition.CalibrationSet, missing);
        var quality = set is null ? null : await QualityAsync(collection, corpus.Vector, model, definition.CalibrationSet!, set, missing, cancellation);
        var queries = await QueriesAsync(definition.Name, collection, corpus.Vector, model, set, missing, cancellation);
        var documents = await DocumentsAsync(collection, corpus, model.Spec.Dimensions, seed, missing, cancellation);
        var vector = IndexVectors.Require(corpus.Vector, serving.State);
        var baseline = new DriftBaseline
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{definition.Name}-baseline-{Guid.CreateVersion7():N}"),
            Index = definition.Name,
            Fingerprint = model.Fingerprint.Id,
            Collection = collection,
            Kind = kind,
            At = at,
            Points = (long)await qdrant.CountAsync(collection, cancellationToken: cancellation),
            Schema = new(
                (int)vector.Size, vector.Distance.ToString(),
                serving.State.PayloadIndexes.ToDictionary(field => field.Key, field => field.Value.DataType.ToString(), StringComparer.Ordinal)),
            Quality = quality,
            Queries = queries,
            Documents = documents,
            Missing = missing,
        };
        await store.AddAsync(baseline, cancellation);
        return baseline;
    }

    private CalibrationSet? Load(string? calibrationSet, List<string> missing)
    {
        if (calibrationSet is null)
        {
            missing.Add("quality: the index has no calibration set");
            return null;
        }

        try
        {
            return sets.Load(calibrationSet);
        }
        catch (Exception problem) when (problem is CalibrationSetException or OperatorException)
        {
            missing.Add($"quality: {problem.Message}");
            return null;
        }
    }

    private async Task<QualityBaseline?> QualityAsync(
        string collection, string vector, ITextEmbedder model, string name, CalibrationSet set, List<string> missing, CancellationToken cancellation)
    {
        var (intact, stale) = await labels.IntactAsync(collection, set, cancellation);
        if (intact.Queries.Count == 0)
        {
            missing.Add($"quality: no query of calibration set {name} has all its relevant documents in the collection ({stale.Missing} of {stale.Relevant} are not there)");
            return null;
        }

        var metrics = intact.Header.Metrics;
        var found = await scorer.SearchAsUsersAsync(collection, vector, model, intact, CollectionScorer.DepthOf(metrics), cancellation);
        var values = EvaluationFigures.Values(intact, metrics, found);
        return new(
            name, [.. metrics.Select(metric => metric.Name)],
            intact.Queries.Select((query, i) => (query.Id, Values: (IReadOnlyList<double>)[.. values.Select(v => v[i])])).ToDictionary(q => q.Id, q => q.Values, StringComparer.Ordinal),
            intact.Queries.ToDictionary(query => query.Id, query => QualityBaseline.DigestOf(intact, query), StringComparer.Ordinal));
    }

    private async Task<QuerySample?> QueriesAsync(
        string index, string collection, string vector, ITextEmbedder model, CalibrationSet? set, List<string> missing, CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var observed = (await state.QueriesAsync(index, model.Fingerprint.Id, today.AddDays(-DaysOfQueries), today, cancellation))
            .Where(query => query.BestScore is not null && query.Vector.Length == model.Spec.Dimensions && query.Vector.All(float.IsFinite)).ToList();
        if (observed.Count >= FewestObserved)
        {
            return Sample(QuerySample.Observed, observed.ConvertAll(query => query.Vector), observed.ConvertAll(query => query.BestScore!.Value));
        }

        if (set is null)
        {
            missing.Add($"queries: {observed.Count} were observed under this model, {FewestObserved} are needed, and there is no calibration set whose queries could stand in");
            return null;
        }

        var texts = SystematicSample.Positions(set.Queries.Count, MostCalibrationQueries, seed: 0).Select(position => set.Queries[(int)position].Text).ToList();
        var vectors = (await model.EmbedAsync(texts, InputKind.Query, cancellation)).Select(outcome => outcome.Vector).OfType<float[]>().ToList();
        var best = await scores.BestAsync(collection, vector, model.Spec, vectors, cancellation);
        var usable = vectors.Zip(best).Where(pair => pair.Second is not null).ToList();
        if (usable.Count < 2)
        {
            missing.Add("queries: the calibration set's queries find nothing in the collection");
            return null;
        }

        return Sample("calibration", usable.ConvertAll(pair => pair.First), usable.ConvertAll(pair => pair.Second!.Value));
    }

    private static QuerySample Sample(string source, List<float[]> vectors, List<double> best)
    {
        var sorted = best.Order().ToList();
        var baseline = QueryBaseline.Of(vectors, best);
        var kept = SystematicSample.Positions(vectors.Count, MostQueryVectors, seed: 0).Select(position => vectors[(int)position]);
        return new(source, baseline with { Vectors = [.. kept] }, sorted[sorted.Count / 2]);
    }

    private async Task<DocumentSample?> DocumentsAsync(string collection, IndexCorpus corpus, int dimensions, int seed, List<string> missing, CancellationToken cancellation)
    {
        var (points, _) = await sampler.DrawAsync(collection, corpus, MostDocuments, unchecked(seed + 100), new HashSet<PointId>(), cancellation);
        var vectors = points.Where(point => !point.HasBadVector(dimensions)).Select(point => point.Vector!).ToList();
        if (vectors.Count < DocumentDrift.FewestVectors)
        {
            missing.Add($"documents: {vectors.Count} usable vectors, {DocumentDrift.FewestVectors} are needed");
            return null;
        }

        return new(vectors, PairwiseDistances.Of(Samples.Of(vectors.Take(1), vectors.Skip(1))).Median(), unchecked(seed + 100));
    }
}
