using DriftGuard.Core.Calibration;
using DriftGuard.Core.Embedding;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Calibration.Linting;

/// <summary>Searches a set's own corpus exactly, in memory, with a model.</summary>
internal static class CorpusSearch
{
    private const int TextsACall = 256;

    /// <summary>Document ids for each query, best first.</summary>
    /// <param name="model">The model.</param>
    /// <param name="set">The set.</param>
    /// <param name="corpus">Its documents.</param>
    /// <param name="depth">Results of a query at the most.</param>
    /// <param name="embedded">Told of texts embedded.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async Task<IReadOnlyList<IReadOnlyList<string>>> FindAsync(
        ITextEmbedder model, CalibrationSet set, IReadOnlyList<CalibrationDocument> corpus, int depth, Action<int> embedded, CancellationToken cancellation)
    {
        var (documents, done) = (new List<(string Id, float[] Vector)>(corpus.Count), 0);
        foreach (var chunk in corpus.Chunk(TextsACall))
        {
            var outcomes = await model.EmbedAsync([.. chunk.Select(document => document.Text)], InputKind.Document, cancellation);
            documents.AddRange(chunk.Zip(outcomes).Where(pair => pair.Second.IsEmbedded).Select(pair => (pair.First.Id, pair.Second.Vector!)));
            embedded(done += chunk.Length);
        }

        var queries = await model.EmbedAsync([.. set.Queries.Select(query => query.Text)], InputKind.Query, cancellation);
        embedded(corpus.Count + queries.Count);
        var found = new IReadOnlyList<string>[queries.Count];
        Parallel.For(0, queries.Count, new ParallelOptions { CancellationToken = cancellation }, i =>
            found[i] = queries[i].IsEmbedded ? ExactRanking.Rank(queries[i].Vector, documents, model.Spec.Distance, depth) : []);
        return found;
    }
}
