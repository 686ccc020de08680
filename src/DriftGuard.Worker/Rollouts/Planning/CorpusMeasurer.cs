using DriftGuard.Core.Embedding;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Estimates;
using DriftGuard.Embedding;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Drift.Points;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Sources;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Rollouts.Planning;

/// <summary>Embeds a sample of a corpus as the copy would, to know what all of it takes: nothing is written.</summary>
internal sealed class CorpusMeasurer(PointSampler sampler, DriftGuardOptions options, TimeProvider time)
{
    /// <summary>Texts that are embedded: the first half lets the model find its settings and is not timed.</summary>
    public const int SampleSize = 2 * EmbeddingModelOptions.TextsThatPayForATrial;

    /// <summary>Measures.</summary>
    /// <param name="collection">The collection that serves, as it is.</param>
    /// <param name="corpus">Where the texts are, and which vector is made anew.</param>
    /// <param name="model">The model that is to embed it.</param>
    /// <param name="settings">The rollout's settings: batches and the limit on points a second.</param>
    /// <param name="seed">Seed of the sample.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<RolloutEstimate> MeasureAsync(
        CollectionState collection, IndexCorpus corpus, ITextEmbedder model, RolloutSettings settings, int seed, CancellationToken cancellation)
    {
        var (documents, population) = await sampler.DrawAsync(collection.Name, corpus, SampleSize, seed, new HashSet<PointId>(), cancellation);
        var texts = documents.Select(document => document.Text ?? "").ToArray();
        new Random(seed).Shuffle(texts);
        var warmUp = texts.Length <= settings.BatchSize ? [] : texts[..(texts.Length / 2)];
        var outcomes = new List<EmbeddingOutcome>(await EmbedAsync(model, warmUp, settings.BatchSize, cancellation));
        var began = time.GetTimestamp();
        outcomes.AddRange(await EmbedAsync(model, texts[warmUp.Length..], settings.BatchSize, cancellation));
        var seconds = time.GetElapsedTime(began).TotalSeconds;
        var tokens = outcomes.ConvertAll(outcome => (double)outcome.Tokens);
        var mean = tokens.Sum() / Math.Max(1, tokens.Count);
        var schema = collection.Schema;
        return Priced(new()
        {
            Sample = new(
                texts.Length,
                mean,
                tokens.Count < 2 ? 0 : Math.Sqrt(tokens.Sum(t => (t - mean) * (t - mean)) / (tokens.Count - 1)),
                documents.Sum(document => (double)PayloadBytes(document)) / Math.Max(1, documents.Count),
                seconds > 0 && texts.Length > warmUp.Length ? (texts.Length - warmUp.Length) / seconds : null,
                outcomes.Count(outcome => !outcome.IsEmbedded),
                outcomes.Count(outcome => outcome.Truncated),
                seed),
            Texts = population,
            Points = population,
            Dimensions = model.Spec.Dimensions,
            Links = (int)(schema.Vectors.GetValueOrDefault(corpus.Vector)?.Hnsw is { HasM: true } own ? own.M : schema.Hnsw is { HasM: true } all ? all.M : CollectionFootprint.DefaultLinks),
            Replicas = (int)Math.Max(1, schema.ReplicationFactor ?? 1),
            PointsPerSecond = settings.PointsPerSecond,
            TokensPerMinute = settings.TokensPerMinute,
        }, model);
    }

    /// <summary>An estimate at the price that is configured now.</summary>
    public RolloutEstimate Priced(RolloutEstimate estimate, ITextEmbedder model)
    {
        var price = options.Models.PriceOf(model.Spec.Name);
        return estimate with
        {
            PricePerMillionTokens = price?.PerMillionTokens,
            Currency = price?.Currency ?? "",
            Charged = model.Spec.Provider != ModelSpec.OnnxProvider,
        };
    }

    /// <summary>In batches, with as many calls under way as the copy has.</summary>
    private static async Task<List<EmbeddingOutcome>> EmbedAsync(ITextEmbedder model, string[] texts, int batchSize, CancellationToken cancellation)
    {
        var outcomes = new List<EmbeddingOutcome>(texts.Length);
        var batches = texts.Chunk(batchSize).ToAsyncEnumerable();
        await foreach (var (_, embedded) in OrderedWork.RunAsync(batches, (batch, stop) => model.EmbedAsync(batch, InputKind.Document, stop).AsTask(), model.CallsAtOnce, cancellation))
        {
            outcomes.AddRange(embedded);
        }

        return outcomes;
    }

    private static int PayloadBytes(SampledDocument document) => new PointStruct { Payload = { document.Payload } }.CalculateSize();
}
