using DriftGuard.Core.Calibration;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Evaluation;

/// <summary>What a set's queries find in its own corpus under a model.</summary>
/// <param name="Found">Document ids for each query, best first.</param>
/// <param name="Documents">Documents that could be embedded, and so found.</param>
/// <param name="UnembeddableQueries">Queries that could not be embedded; they find nothing.</param>
internal sealed record SearchedCorpus(IReadOnlyList<IReadOnlyList<string>> Found, int Documents, int UnembeddableQueries);

/// <summary>Searches a set's own corpus exactly, in memory, with a model.</summary>
internal static class CorpusSearch
{
    private const int TextsACall = 256;

    /// <summary>Embeds the corpus and the queries, and searches.</summary>
    /// <param name="model">The model.</param>
    /// <param name="set">The set.</param>
    /// <param name="corpus">Its documents.</param>
    /// <param name="depth">Results of a query at the most.</param>
    /// <param name="embedded">Told of texts embedded so far, documents first.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async Task<SearchedCorpus> FindAsync(
        ITextEmbedder model, CalibrationSet set, IReadOnlyList<CalibrationDocument> corpus, int depth, Action<int> embedded, CancellationToken cancellation)
    {
        var done = 0;
        var outcomes = await EmbedAsync([.. corpus.Select(document => document.Text)], InputKind.Document);
        List<(string Id, float[] Vector)> documents = [.. corpus.Zip(outcomes).Where(pair => pair.Second.IsEmbedded).Select(pair => (pair.First.Id, pair.Second.Vector!))];
        var queries = await EmbedAsync([.. set.Queries.Select(query => query.Text)], InputKind.Query);
        var found = new IReadOnlyList<string>[queries.Count];
        Parallel.For(0, queries.Count, new ParallelOptions { CancellationToken = cancellation }, i =>
            found[i] = queries[i].IsEmbedded ? ExactRanking.Rank(queries[i].Vector, documents, model.Spec.Distance, depth) : []);
        return new(found, documents.Count, queries.Count(query => !query.IsEmbedded));

        async Task<List<EmbeddingOutcome>> EmbedAsync(IReadOnlyList<string> texts, InputKind kind)
        {
            var all = new List<EmbeddingOutcome>(texts.Count);
            foreach (var chunk in texts.Chunk(TextsACall))
            {
                all.AddRange(await model.EmbedAsync(chunk, kind, cancellation));
                embedded(done += chunk.Length);
            }

            return all;
        }
    }
}
