using DriftGuard.Worker.Models;
using DriftGuard.Worker.Points;

namespace DriftGuard.Worker.Indexes;

/// <summary>What a load did.</summary>
/// <param name="Written">Documents embedded and written.</param>
/// <param name="Truncated">Those of them whose text is longer than the model's token limit: their end is not in their vector.</param>
/// <param name="RepeatedTexts">Documents whose text another one of the file has too.</param>
/// <param name="Parked">Documents that could not be embedded: point id and reason. They are not in the index.</param>
public sealed record LoadResult(long Written, long Truncated, long RepeatedTexts, IReadOnlyList<(string PointId, string Reason)> Parked);

/// <summary>Loads a corpus file into the collection that serves an index, under its own model.</summary>
public sealed class IndexLoader(ModelPool models, PointWriter writer)
{
    private const int BatchSize = 256;

    /// <summary>
    /// Looks through the whole file first and writes nothing if anything in it is wrong; then embeds and writes it, the next batch
    /// being embedded while the last one is written. Loading the same file again writes the same points.
    /// </summary>
    /// <param name="index">The index.</param>
    /// <param name="corpus">The file.</param>
    /// <param name="progress">Told of documents written, and of all there are.</param>
    /// <param name="cancellation">Cancels; what was written stays.</param>
    /// <exception cref="OperatorException">The file has problems; the message lists them.</exception>
    public async Task<LoadResult> LoadAsync(ServingIndex index, CorpusFile corpus, Action<long, long>? progress, CancellationToken cancellation)
    {
        var check = await corpus.CheckAsync(cancellation);
        if (check.ProblemCount > 0)
        {
            var rest = check.ProblemCount - check.Problems.Count;
            throw new OperatorException(OperatorError.Invalid,
                $"the corpus has {check.ProblemCount} problem(s), nothing was written:\n  {string.Join("\n  ", check.Problems)}{(rest > 0 ? $"\n  and {rest} more" : "")}");
        }

        var model = ModelOf(index);
        var (written, truncated, parked) = (0L, 0L, new List<(string, string)>());
        Task writing = Task.CompletedTask;
        await foreach (var batch in corpus.ReadAsync(cancellation).Chunk(BatchSize).WithCancellation(cancellation))
        {
            var embedded = await writer.EmbedAsync(model, index.Definition.TextField, batch, cancellation);
            await writing;
            writing = writer.WriteAsync(index.Collection, model, embedded, cancellation);
            parked.AddRange(embedded.Parked);
            written += embedded.Points.Count;
            truncated += embedded.Truncated;
            progress?.Invoke(written, check.Documents);
        }

        await writing;
        return new(written, truncated, check.RepeatedTexts, parked);
    }

    private ITextEmbedder ModelOf(ServingIndex index)
    {
        var name = index.Model ?? throw new OperatorException(OperatorError.Conflict, $"collection {index.Collection} does not say which model made its vectors");
        var model = models.Get(name);
        return model.Fingerprint.Id == index.Fingerprint ? model : throw new OperatorException(OperatorError.Conflict,
            $"index '{index.Definition.Name}' was made by {name} with fingerprint {index.Fingerprint?[..8]}, the model found under that name has {model.Fingerprint.Short}: "
            + "their vectors do not compare. Bring the pinned model back, or change the index by a rollout");
    }
}
