using DriftGuard.Core.Embedding;
using DriftGuard.State;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Drift.Origins;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Drift.Queries;

/// <summary>What became of a log of queries.</summary>
/// <param name="Read">Queries in the file.</param>
/// <param name="Kept">Those that the reservoir holds now, those that it held before included.</param>
/// <param name="NotDrawn">Those of days with more queries than are kept: the kept ones are a random part of the day.</param>
/// <param name="Repeated">Those that are in the file more than once, at the same time in the same session.</param>
/// <param name="TooOld">Those of days that are not kept.</param>
/// <param name="NotEmbedded">Those whose text the model refused.</param>
/// <param name="Compared">Those with text and vector that were embedded again.</param>
/// <param name="Reproduced">Of those, how many vectors the index' model gives back.</param>
public sealed record QueryImport(int Read, int Kept, int NotDrawn, int Repeated, int TooOld, int NotEmbedded, int Compared, int Reproduced);

/// <summary>Takes logged queries into the reservoir of an index: vectors and scores, texts only if configured.</summary>
internal sealed class QueryImporter(ServingIndexReader indexes, ModelPool models, QueryScores scores, StateStore state, DriftOptions options, TimeProvider time)
{
    private const int BatchSize = 256;

    /// <summary>Queries with text and vector that are embedded again, to see whether the same model made them.</summary>
    private const int MostCompared = 64;

    private const double SameModel = .06;

    /// <summary>Imports a log. A query that is imported twice is kept once.</summary>
    /// <param name="indexName">The index.</param>
    /// <param name="path">The log, see <see cref="QueryLog"/>.</param>
    /// <param name="progress">Told of queries done, and of all there are.</param>
    /// <param name="cancellation">Cancels; what was kept stays.</param>
    /// <exception cref="OperatorException">There is no such index, or the log has problems: nothing was imported.</exception>
    public async Task<QueryImport> ImportAsync(string indexName, string path, Action<long, long>? progress, CancellationToken cancellation)
    {
        var index = await indexes.ReadAsync(indexName, cancellation);
        var model = models.Get(index.RequireModel(), index.Fingerprint);
        var queries = await QueryLog.ReadAsync(path, model.Spec.Dimensions, time.GetUtcNow(), cancellation);
        var result = new QueryImport(queries.Count, 0, 0, 0, 0, 0, 0, 0);
        var (done, offered) = (0, new List<QueryObservation>());
        foreach (var batch in queries.Chunk(BatchSize))
        {
            (result, var observations) = await AddAsync(index, model, batch, result, cancellation);
            offered.AddRange(observations.Select(observation => observation with { Vector = [] }));
            progress?.Invoke(done += batch.Length, queries.Count);
        }

        return await CountAsync(indexName, offered, result, cancellation);
    }

    /// <summary>What is left at the end: a later batch may have taken the place of an earlier one.</summary>
    private async Task<QueryImport> CountAsync(string index, List<QueryObservation> offered, QueryImport result, CancellationToken cancellation)
    {
        var distinct = offered.DistinctBy(observation => observation.Key, StringComparer.Ordinal).ToList();
        var kept = 0;
        foreach (var day in distinct.GroupBy(observation => DateOnly.FromDateTime(observation.At.UtcDateTime)))
        {
            var held = (await state.QueriesAsync(index, fingerprint: null, day.Key, day.Key, cancellation)).Select(query => query.Key).ToHashSet(StringComparer.Ordinal);
            kept += day.Count(observation => held.Contains(observation.Key));
        }

        var repeated = offered.Count - distinct.Count;
        return result with { Kept = kept, Repeated = repeated, NotDrawn = Math.Max(0, offered.Count - repeated - kept - result.TooOld) };
    }

    private async Task<(QueryImport Result, IReadOnlyList<QueryObservation> Offered)> AddAsync(ServingIndex index, ITextEmbedder model, LoggedQuery[] batch, QueryImport result, CancellationToken cancellation)
    {
        // Those without a vector, and a few with both, whose model is to be known.
        var compare = new HashSet<LoggedQuery>(
            batch.Where(query => query is { Text: not null, Vector: not null }).Take(MostCompared - result.Compared), ReferenceEqualityComparer.Instance);
        var toEmbed = batch.Where(query => query.Vector is null || compare.Contains(query)).ToList();
        var outcomes = await model.EmbedAsync([.. toEmbed.Select(query => query.Text!)], InputKind.Query, cancellation);
        var made = new Dictionary<LoggedQuery, float[]?>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < toEmbed.Count; i++)
        {
            made.Add(toEmbed[i], outcomes[i].Vector);
        }

        var vectors = batch.Select(query => (Query: query, Vector: query.Vector ?? made[query])).Where(query => query.Vector is not null).ToList();
        var best = await scores.BestAsync(index.Collection, index.Definition.Vector, model.Spec, vectors.ConvertAll(query => query.Vector!), cancellation);
        var observations = vectors.Select((query, i) => Observation(query.Query, query.Vector!, best[i], index.Fingerprint!)).ToList();
        var intake = await state.AddQueriesAsync(
            index.Definition.Name, observations, new(options.Queries.CapacityPerDay, options.Queries.Days, options.Queries.Seed), cancellation);
        return (result with
        {
            TooOld = result.TooOld + intake.TooOld,
            NotEmbedded = result.NotEmbedded + (batch.Length - vectors.Count),
            Compared = result.Compared + compare.Count(query => made[query] is not null),
            Reproduced = result.Reproduced + compare.Count(query => made[query] is { } vector && StoredVectors.Distance(query.Vector, vector, lengthsMatter: false) <= SameModel),
        }, observations);
    }

    private QueryObservation Observation(LoggedQuery query, float[] vector, double? best, string own)
    {
        var fingerprint = query.Fingerprint ?? own;
        return new()
        {
            Key = QueryObservation.KeyOf(fingerprint, query.At, query.Session, query.Text, vector),
            Fingerprint = fingerprint,
            Session = query.Session,
            At = query.At,
            BestScore = best,
            Language = query.Text is { } text ? QueryLanguages.Of(text) : null,
            Text = options.StoreQueryText ? query.Text : null,
            Vector = vector,
        };
    }
}
