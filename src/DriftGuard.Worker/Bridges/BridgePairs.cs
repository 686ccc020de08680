using System.Globalization;
using DriftGuard.Core.Embedding;
using DriftGuard.Core.Retrieval.Bridges;
using DriftGuard.Embedding;
using DriftGuard.Worker.Drift.Points;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Bridges;

/// <summary>Vectors of the same texts: what a bridge is fitted on.</summary>
/// <param name="New">The new model's, as of queries.</param>
/// <param name="Stored">The collection's.</param>
internal sealed record PairedVectors(IReadOnlyList<float[]> New, IReadOnlyList<float[]> Stored);

/// <summary>
/// Draws pairs: documents' stored vectors, and what the new model makes of their texts as if they were queries, since queries are what it will map. The
/// old model has no part in it.
/// </summary>
internal sealed class BridgePairs(PointSampler sampler, IndexCorpora corpora)
{
    private const int BatchSize = 64;

    /// <summary>Draws, and embeds.</summary>
    /// <param name="index">The index.</param>
    /// <param name="model">The new model.</param>
    /// <param name="wanted">How many are drawn.</param>
    /// <param name="seed">Seed of the draw.</param>
    /// <param name="progress">Told of texts embedded, and of how many.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperatorException">Too few documents have both a text and the vector of that text.</exception>
    public async Task<PairedVectors> DrawAsync(ServingIndex index, ITextEmbedder model, int wanted, int seed, Action<long, long>? progress, CancellationToken cancellation)
    {
        var corpus = corpora.Of(index.Definition);
        var dimensions = IndexVectors.Require(index.Definition.Vector, index.State).Size;
        var (drawn, population) = await sampler.DrawAsync(index.Collection, corpus, wanted, seed, new HashSet<PointId>(), cancellation);
        var sound = drawn.Where(document => IsPair(document, dimensions, index.Fingerprint)).ToList();
        RequireEnough(index, sound.Count, drawn.Count, population);

        var (fromModel, stored) = (new List<float[]>(sound.Count), new List<float[]>(sound.Count));
        var done = 0;
        await foreach (var (batch, outcomes) in OrderedWork.RunAsync(sound.Chunk(BatchSize).ToAsyncEnumerable(), EmbedAsync, model.CallsAtOnce, cancellation))
        {
            foreach (var (document, outcome) in batch.Zip(outcomes).Where(pair => pair.Second.IsEmbedded))
            {
                fromModel.Add(outcome.Vector!);
                stored.Add(document.Vector!);
            }

            progress?.Invoke(done += batch.Length, sound.Count);
        }

        RequireEnough(index, stored.Count, drawn.Count, population);
        return new(fromModel, stored);

        Task<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(SampledDocument[] batch, CancellationToken stop) =>
            model.EmbedAsync([.. batch.Select(document => document.Text!)], InputKind.Query, stop).AsTask();
    }

    /// <summary>Whether the vector is that of the text, as far as a stamp tells.</summary>
    private static bool IsPair(SampledDocument document, int dimensions, string? fingerprint) =>
        !string.IsNullOrWhiteSpace(document.Text) && !document.HasBadVector(dimensions) && !document.IsTextEdited && !document.IsVectorReplaced
        && (document.Stamp is null || document.Stamp.Fingerprint == fingerprint);

    private static void RequireEnough(ServingIndex index, int pairs, int drawn, long population)
    {
        if (pairs < BridgeRule.LeastPairs)
        {
            throw new OperatorException(OperatorError.Inconclusive, string.Create(CultureInfo.InvariantCulture,
                $"inconclusive: {pairs:N0} of {drawn:N0} documents drawn from {index.Collection} have a text and its vector, where {BridgeRule.LeastPairs:N0} are the least that a bridge is fitted on. ")
                + (population > drawn ? "Draw more with --pairs" : $"So few are embedded anew sooner than bridged: start the rollout with 'driftguard rollout start {index.Definition.Name}'"));
        }
    }
}
