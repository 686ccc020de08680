using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Writes;

namespace DriftGuard.Worker.Indexes;

/// <summary>What a load did.</summary>
/// <param name="Written">Documents embedded and written.</param>
/// <param name="Truncated">Those of them whose text is longer than the model's token limit: their end is not in their vector.</param>
/// <param name="RepeatedTexts">Documents whose text another one of the file has too.</param>
/// <param name="Parked">
/// Documents that could not be embedded: the point's id, and the document's with the reason. They are not in the index, and stay listed
/// until a load embeds them.
/// </param>
public sealed record LoadResult(long Written, long Truncated, long RepeatedTexts, IReadOnlyList<UnembeddedText> Parked);

/// <summary>Loads a corpus into the collection that serves an index, under its own model.</summary>
public sealed class IndexLoader(ModelPool models, PointWriter writer, IndexWrites writes, QdrantStore qdrant, StateStore state)
{
    private const int BatchSize = 256;

    /// <summary>
    /// Looks through the whole corpus first and writes nothing if anything in it is wrong; then embeds and writes it, the next batch
    /// being embedded while the last one is written. Loading the same file again writes the same points.
    /// </summary>
    /// <param name="index">The index.</param>
    /// <param name="corpus">The file.</param>
    /// <param name="progress">Told of documents written, and of all there are.</param>
    /// <param name="cancellation">Cancels; what was written stays.</param>
    /// <exception cref="OperatorException">The file has problems, which the message lists; or the index was switched meanwhile.</exception>
    public async Task<LoadResult> LoadAsync(ServingIndex index, Corpus corpus, Action<long, long>? progress, CancellationToken cancellation)
    {
        var check = await corpus.CheckAsync(cancellation);
        if (check.ProblemCount > 0)
        {
            var rest = check.ProblemCount - check.Problems.Count;
            throw new OperatorException(OperatorError.Invalid,
                $"the corpus has {check.ProblemCount} problem(s), nothing was written:\n  {string.Join("\n  ", check.Problems)}{(rest > 0 ? $"\n  and {rest} more" : "")}");
        }

        var model = models.Get(index.RequireModel(), index.Fingerprint);
        var (written, truncated, parked) = (0L, 0L, new List<UnembeddedText>());
        Task<EmbeddedBatch>? writing = null;
        var listed = (await state.ParkedAsync(ParkedText.OfLoads(index.Definition.Name), cancellation)).Select(p => p.PointId).ToHashSet(StringComparer.Ordinal);
        var batches = corpus.ReadAsync(cancellation).Chunk(BatchSize);
        await foreach (var (batch, embedded) in writer.EmbedAsync(model, index.Definition.Vector, batches, static points => points, RolloutSettings.UsualTries, cancellation))
        {
            await WrittenAsync(writing);
            await RequireServingAsync(index, written, cancellation);
            writing = writes.PutAsync(index, model, embedded, cancellation);
            parked.AddRange(await ListAsync(index.Definition.Name, listed, corpus, batch, embedded, cancellation));
            written += embedded.Points.Count;
            truncated += embedded.Truncated;
            progress?.Invoke(written, check.Documents);
        }

        var last = await WrittenAsync(writing);
        await RequireServingAsync(index, written, cancellation);
        if (last is not null)
        {
            await writer.RequireWrittenAsync(index.Collection, last, cancellation);
        }

        return new(written, truncated, check.RepeatedTexts, parked);
    }

    private static async Task<EmbeddedBatch?> WrittenAsync(Task<EmbeddedBatch>? writing) => writing is null ? null : await writing;

    /// <summary>What could not be embedded is listed, what could be is taken off the list.</summary>
    private async Task<IReadOnlyList<UnembeddedText>> ListAsync(
        string index, HashSet<string> listed, Corpus corpus, IReadOnlyList<SourcePoint> batch, EmbeddedBatch embedded, CancellationToken cancellation)
    {
        var owner = ParkedText.OfLoads(index);
        var documents = batch.ToDictionary(p => p.Id.ToString(), corpus.DocumentIdOf, StringComparer.Ordinal);
        var parked = embedded.Parked.Select(p => p with { Reason = $"document '{documents[p.PointId]}': {p.Reason}" }).ToList();
        var mended = listed.Intersect(documents.Keys, StringComparer.Ordinal).Except(embedded.Parked.Select(p => p.PointId), StringComparer.Ordinal).ToList();
        if (mended.Count > 0)
        {
            await state.UnparkAsync(owner, mended, cancellation);
        }

        if (parked.Count > 0)
        {
            await state.ParkAsync(owner, parked, cancellation);
        }

        return parked;
    }

    /// <summary>A rollout may switch the index meanwhile; what is then written to the old collection reaches nobody.</summary>
    private async Task RequireServingAsync(ServingIndex index, long written, CancellationToken cancellation)
    {
        if ((await qdrant.AliasesAsync(cancellation)).TargetOf(index.Definition.Name) is var serving && serving != index.Collection)
        {
            throw new OperatorException(OperatorError.Conflict,
                $"index '{index.Definition.Name}' was switched to {serving ?? "nothing"} while {written} documents were loaded into {index.Collection}, "
                + "and some of them may be missing in it: load the file again; documents that are there already are written once more and not doubled");
        }
    }
}
