using DriftGuard.Core.Calibration;
using DriftGuard.Core.Retrieval;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Evaluation.Comparing;

/// <summary>Told of a piece of work: what, how many units are done, and of how many.</summary>
internal delegate void WorkProgress(string work, long done, long total);

/// <summary>Something that a calibration set can be scored against.</summary>
internal abstract class ComparableSide
{
    /// <summary>The index that it serves; null where it serves none.</summary>
    public virtual string? Index => null;

    /// <summary>What limits what its figures say, such as labels whose documents are gone.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Searches it with every query.</summary>
    public abstract Task<ScoredSide> ScoreAsync(CalibrationSet set, IReadOnlyList<RetrievalMetric> metrics, WorkProgress progress, CancellationToken cancellation);

    /// <summary>Where its documents' texts are.</summary>
    public abstract DocumentTextSource Texts(CalibrationSet set);

    /// <summary>How many documents were searched.</summary>
    public abstract Task<long> DocumentsAsync(CalibrationSet set, CancellationToken cancellation);
}

/// <summary>A collection under the model that made its vectors.</summary>
internal sealed class CollectionSide(
    string collection, ITextEmbedder model, string? index, IndexCorpus? corpus, CollectionScorer scorer, LabelReader labels, DocumentTexts texts, Qdrant.QdrantStore qdrant)
    : ComparableSide
{
    /// <inheritdoc/>
    public override string? Index => index;

    /// <inheritdoc/>
    public override async Task<ScoredSide> ScoreAsync(CalibrationSet set, IReadOnlyList<RetrievalMetric> metrics, WorkProgress progress, CancellationToken cancellation)
    {
        var stale = await labels.RequireAnyAsync(collection, set, cancellation);
        if (stale.Missing > 0)
        {
            Notes.Add($"{stale.Missing} of {stale.Relevant} relevant documents are not in {collection} ({string.Join(", ", stale.MissingIds)}); {stale.QueriesWithoutAny} queries have none left there and score 0");
        }

        progress($"searching {collection}", 0, set.Queries.Count);
        var found = await scorer.SearchAsync(collection, corpus?.Vector ?? "", model, set, CollectionScorer.DepthOf(metrics), cancellation);
        progress($"searching {collection}", set.Queries.Count, set.Queries.Count);
        return ScoredSide.Of(collection, model, set, metrics, found);
    }

    /// <inheritdoc/>
    public override DocumentTextSource Texts(CalibrationSet set) => texts.Of(collection, set, corpus ?? IndexCorpus.OfField(set.Header.TextField));

    /// <inheritdoc/>
    public override async Task<long> DocumentsAsync(CalibrationSet set, CancellationToken cancellation) => (long)await qdrant.CountAsync(collection, cancellationToken: cancellation);
}

/// <summary>A model that serves nothing yet: it embeds the set's own corpus in memory, which is searched exactly.</summary>
internal sealed class ModelSide(ITextEmbedder model) : ComparableSide
{
    private long embedded;

    /// <inheritdoc/>
    public override async Task<ScoredSide> ScoreAsync(CalibrationSet set, IReadOnlyList<RetrievalMetric> metrics, WorkProgress progress, CancellationToken cancellation)
    {
        var corpus = CorpusOf(set);
        var found = await CorpusSearch.FindAsync(
            model, set, corpus, CollectionScorer.DepthOf(metrics),
            done => progress($"embedding {set.Name} with {model.Spec.Name}", done, corpus.Count + set.Queries.Count), cancellation);
        embedded = found.Documents;
        if (found.Documents < corpus.Count)
        {
            Notes.Add($"{corpus.Count - found.Documents} of {corpus.Count} documents of {set.Name} could not be embedded by {model.Spec.Name}: nothing finds them");
        }

        return ScoredSide.Exactly($"corpus of {set.Name}, in memory", model, set, metrics, found.Found) with { Unembeddable = found.UnembeddableQueries };
    }

    /// <inheritdoc/>
    public override DocumentTextSource Texts(CalibrationSet set) =>
        DocumentTexts.Of(CorpusOf(set).ToDictionary(document => document.Id, document => document.Text, StringComparer.Ordinal));

    /// <inheritdoc/>
    public override Task<long> DocumentsAsync(CalibrationSet set, CancellationToken cancellation) => Task.FromResult(embedded);

    private IReadOnlyList<CalibrationDocument> CorpusOf(CalibrationSet set) => set.Corpus ?? throw new OperatorException(OperatorError.Invalid,
        $"model:{model.Spec.Name} needs documents to embed, and calibration set '{set.Name}' has no corpus.jsonl; give it one, or compare an index or a collection");
}
