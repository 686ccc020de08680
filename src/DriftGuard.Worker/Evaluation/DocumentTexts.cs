using DriftGuard.Core.Calibration;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Evaluation;

/// <summary>Texts of documents by their ids; those without one are left out.</summary>
internal delegate Task<IReadOnlyDictionary<string, string>> DocumentTextSource(IReadOnlyCollection<string> documents, CancellationToken cancellation);

/// <summary>Puts the beginnings of documents into the examples of a report, read for just those documents.</summary>
internal sealed class DocumentTexts(QdrantStore qdrant, LabelReader labels)
{
    private const int ExcerptLength = 120;
    private const int IdsAPage = 200;

    /// <summary>The texts of a collection's documents.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="set">The calibration set, which says where a point has its document's id.</param>
    /// <param name="corpus">Where the texts are.</param>
    public DocumentTextSource Of(string collection, CalibrationSet set, IndexCorpus corpus) => async (documents, cancellation) =>
        await ReadAsync(collection, await labels.FindAsync(collection, set, documents, cancellation), corpus, cancellation);

    /// <summary>The texts of documents whose points are known; a document in pieces has the text of its first.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="points">The points of each document, as <see cref="LabelReader.FindAsync"/> gives them.</param>
    /// <param name="corpus">Where the texts are.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(
        string collection, IReadOnlyDictionary<string, IReadOnlyList<PointId>> points, IndexCorpus corpus, CancellationToken cancellation)
    {
        var documentOf = points.Where(found => found.Value.Count > 0).ToDictionary(found => found.Value[0], found => found.Key);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var page in documentOf.Keys.Chunk(IdsAPage))
        {
            var found = await qdrant.RetrieveAsync(collection, page, new(corpus.Source.Payload), cancellation);
            var sourced = await corpus.Source.TextsAsync(found, cancellation);
            for (var i = 0; i < found.Count; i++)
            {
                if (sourced[i].Text is { } text)
                {
                    texts[documentOf[WireForms.IdOf(found[i])]] = text;
                }
            }
        }

        return texts;
    }

    /// <summary>Texts that are in memory.</summary>
    public static DocumentTextSource Of(IReadOnlyDictionary<string, string> texts) => (_, _) => Task.FromResult(texts);

    /// <summary>The report with excerpts in its examples.</summary>
    public static async Task<EvaluationReport> AddAsync(EvaluationReport report, DocumentTextSource old, DocumentTextSource? @new, CancellationToken cancellation)
    {
        if (report.Examples is not { } examples)
        {
            return report;
        }

        IReadOnlyList<QueryExample> all = [.. examples.MostImproved, .. examples.MostWorsened, .. examples.Weakest];
        var oldTexts = await ReadAsync(old, all.SelectMany(example => example.OldResults), cancellation);
        var newTexts = @new is null ? oldTexts : await ReadAsync(@new, all.SelectMany(example => example.NewResults ?? []), cancellation);
        return report with
        {
            Examples = examples with
            {
                MostImproved = [.. examples.MostImproved.Select(With)],
                MostWorsened = [.. examples.MostWorsened.Select(With)],
                Weakest = [.. examples.Weakest.Select(With)],
            },
        };

        QueryExample With(QueryExample example) => example with
        {
            OldResults = Excerpted(example.OldResults, oldTexts),
            NewResults = example.NewResults is null ? null : Excerpted(example.NewResults, newTexts),
        };
    }

    private static async Task<IReadOnlyDictionary<string, string>> ReadAsync(DocumentTextSource source, IEnumerable<FoundDocument> results, CancellationToken cancellation)
    {
        var documents = results.Select(result => result.Document).ToHashSet(StringComparer.Ordinal);
        return documents.Count == 0 ? new Dictionary<string, string>(StringComparer.Ordinal) : await source(documents, cancellation);
    }

    private static IReadOnlyList<FoundDocument> Excerpted(IReadOnlyList<FoundDocument> results, IReadOnlyDictionary<string, string> texts) =>
        [.. results.Select(result => result with { Excerpt = texts.TryGetValue(result.Document, out var text) ? Excerpt(text) : null })];

    /// <summary>The beginning of a text on one line; no character is cut in half.</summary>
    internal static string Excerpt(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        if (line.Length <= ExcerptLength)
        {
            return line;
        }

        var end = char.IsHighSurrogate(line[ExcerptLength - 1]) ? ExcerptLength - 1 : ExcerptLength;
        return line[..end].TrimEnd() + "…";
    }
}
