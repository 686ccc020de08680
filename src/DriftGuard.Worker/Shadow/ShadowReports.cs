using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Linting;
using DriftGuard.Core.Retrieval;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Calibration.Linting;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Shadow;

/// <summary>Tells how live queries were answered by both collections of a rollout, and writes the differences to be judged.</summary>
public sealed class ShadowReports
{
    private const int SeedOfExports = 1;
    private const int PointsAPage = 500;
    private static readonly Dictionary<string, string> NoFields = new(StringComparer.Ordinal);

    private readonly StateStore state;
    private readonly QdrantStore qdrant;
    private readonly CalibrationSets sets;
    private readonly IndexCorpora corpora;
    private readonly DocumentTexts texts;

    internal ShadowReports(StateStore state, QdrantStore qdrant, CalibrationSets sets, IndexCorpora corpora, DocumentTexts texts) =>
        (this.state, this.qdrant, this.sets, this.corpora, this.texts) = (state, qdrant, sets, corpora, texts);

    /// <summary>The figures alone; null where nothing was counted.</summary>
    public async Task<ShadowSummary?> SummaryAsync(Rollout rollout, CancellationToken cancellation) =>
        await state.ShadowTotalsAsync(rollout.Id, cancellation) is { } totals ? ShadowSummary.Of(totals) : null;

    /// <summary>The figures, and the queries whose answers differ most.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="most">How many queries at the most.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<ShadowReport> ReadAsync(Rollout rollout, int most, CancellationToken cancellation)
    {
        // The figures first: what they count has its queries by then.
        var summary = await SummaryAsync(rollout, cancellation);
        var all = await state.ShadowQueriesAsync(rollout.Id, cancellation);
        IReadOnlyList<ShadowQuery> shown = [.. Differing(all).Take(most)];
        var (set, problem) = SetOf(rollout);
        var (names, documents, unread) = await DocumentsAsync(rollout, set, shown, cancellation);
        return new(
            rollout.Id, rollout.Index, rollout.FromModel, rollout.ToModel, summary, all.Count,
            [.. shown.Select(query => new ShadowDifference(
                query.Key, query.Text, query.Overlap, query.TopShift, query.MeanShift, query.At, query.Seen, Results(query.Blue, query.Green), Results(query.Green, query.Blue)))],
            problem ?? unread);

        IReadOnlyList<ShadowResult> Results(IReadOnlyList<AnsweredPoint> own, IReadOnlyList<AnsweredPoint> others) => [.. own.Select((point, i) => new ShadowResult(
            i + 1, names.GetValueOrDefault(point.Id, point.Id), point.Score, others.Any(other => other.Id == point.Id),
            documents.TryGetValue(point.Id, out var text) ? DocumentTexts.Excerpt(text) : null))];
    }

    /// <summary>
    /// Writes what both sides found for the queries that differ, as a sheet to be judged like the one of <c>calibration lint --export-holes</c>; a query
    /// that the rollout's set has already keeps its id there, and what is judged of it is left out.
    /// </summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="file">The file.</param>
    /// <param name="force">Whether a file that is there is replaced.</param>
    /// <param name="most">How many queries at the most.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperatorException">The file is there or cannot be written, there is nothing to write, or the set is gone.</exception>
    /// <exception cref="CalibrationSetException">The set cannot be read, and so not which ids it gives documents.</exception>
    public async Task<ExportedDifferences> ExportAsync(Rollout rollout, string file, bool force, int most, CancellationToken cancellation)
    {
        var sheet = HoleSheet.At(file, force);
        var set = sets.Load(rollout.CalibrationSet);
        IReadOnlyList<ShadowQuery> differing = [.. Differing(await state.ShadowQueriesAsync(rollout.Id, cancellation)).Take(most)];
        IReadOnlyList<ShadowQuery> readable = [.. differing.Where(query => query.Text is not null).DistinctBy(query => QueryText.Normalised(query.Text!), StringComparer.Ordinal)];
        if (readable.Count == 0)
        {
            throw new OperatorException(OperatorError.Conflict, differing.Count == 0
                ? $"no live query of {rollout.Id} is on record whose answers differ; nothing was written"
                : $"none of the {differing.Count} queries of {rollout.Id} has its text, and nobody can judge a hash; nothing was written. gateway.shadow.keepText keeps those that come from now on");
        }

        var (names, documents, _) = await DocumentsAsync(rollout, set, readable, cancellation);
        var known = set.Queries.GroupBy(query => QueryText.Normalised(query.Text), StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.First(), StringComparer.Ordinal);
        var judged = set with
        {
            Queries = [.. readable.Select(query => known.GetValueOrDefault(QueryText.Normalised(query.Text!)) ?? new CalibrationQuery($"live-{query.Key[..12]}", query.Text!, 0, NoFields))],
        };
        var export = HoleExport.Write(
            judged, [new("blue", Found(query => query.Blue)), new("green", Found(query => query.Green))],
            documents.GroupBy(document => names[document.Key], StringComparer.Ordinal).ToDictionary(pieces => pieces.Key, pieces => pieces.First().Value, StringComparer.Ordinal), sheet.Delimiter, SeedOfExports);
        await sheet.WriteAsync(export.Content, cancellation);
        return new(sheet.Path, export.Rows, export.Queries, differing.Count(query => query.Text is null), export.Seed);

        IReadOnlyList<IReadOnlyList<string>> Found(Func<ShadowQuery, IReadOnlyList<AnsweredPoint>> side) =>
            [.. readable.Select(query => (IReadOnlyList<string>)[.. side(query).Select(point => names.GetValueOrDefault(point.Id, point.Id)).Distinct(StringComparer.Ordinal)])];
    }

    private static IEnumerable<ShadowQuery> Differing(IReadOnlyList<ShadowQuery> queries) => queries.Where(query => query.Overlap < 1);

    /// <summary>The set that says which ids documents have; null with the reason where it cannot be read, and points have their own.</summary>
    private (CalibrationSet? Set, string? Problem) SetOf(Rollout rollout)
    {
        try
        {
            return (sets.Load(rollout.CalibrationSet), null);
        }
        catch (Exception problem) when (problem is OperatorException or CalibrationSetException)
        {
            return (null, $"calibration set '{rollout.CalibrationSet}', which names the documents, cannot be read: ids are those of the points");
        }
    }

    /// <summary>The documents that points are, and their texts, by the ids of the points; and why there are none.</summary>
    private async Task<(IReadOnlyDictionary<string, string> Names, IReadOnlyDictionary<string, string> Texts, string? Unread)> DocumentsAsync(
        Rollout rollout, CalibrationSet? set, IReadOnlyList<ShadowQuery> queries, CancellationToken cancellation)
    {
        var points = queries.SelectMany(query => query.Blue.Concat(query.Green)).Select(point => point.Id).Distinct(StringComparer.Ordinal)
            .ToDictionary(id => id, id => (IReadOnlyList<PointId>)[PointId.Parse(id)], StringComparer.Ordinal);
        var names = points.Keys.ToDictionary(id => id, StringComparer.Ordinal);
        if (points.Count == 0)
        {
            return (names, names, null);
        }

        try
        {
            // Both hold the same documents, and the one that serves is sure to be there.
            var collection = rollout.Served().Collection;
            if (set is not null)
            {
                var ids = new DocumentIds(set);
                foreach (var page in points.Values.Select(point => point[0]).Chunk(PointsAPage))
                {
                    foreach (var point in await qdrant.RetrieveAsync(collection, page, new(ids.Payload), cancellation))
                    {
                        names[WireForms.IdOf(point).ToString()] = ids.Of(WireForms.IdOf(point), point.Payload);
                    }
                }
            }

            var index = await state.FindIndexAsync(rollout.Index, cancellation)
                ?? throw new OperatorException(OperatorError.NotFound, $"index '{rollout.Index}' is not enrolled any more");
            return (names, await texts.ReadAsync(collection, points, corpora.Of(index), cancellation), null);
        }
        catch (Exception failure) when (failure is OperatorException or QdrantException)
        {
            return (names, new Dictionary<string, string>(StringComparer.Ordinal), $"the texts of documents cannot be read: {failure.Message}");
        }
    }
}
