using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Tokenization;

namespace DriftGuard.Embedding.Inference;

/// <summary>What a spec makes of texts, whichever sessions run them. Several specs may share the sessions of one graph.</summary>
/// <param name="Spec">What decides the vectors.</param>
/// <param name="Encoder">Texts to ids.</param>
/// <param name="Runner">Ids to outcomes.</param>
/// <param name="OneByOne">Whether each text runs alone, since a batch would show in its vector.</param>
internal sealed record TextModel(ModelSpec Spec, TextEncoder Encoder, BatchRunner Runner, bool OneByOne)
{
    /// <exception cref="InvalidDataException">Prefixes or what stands around a text leave no room for it.</exception>
    public static TextModel Create(ModelSpec spec, ITextTokenizer tokenizer, bool isDynamicallyQuantised, EmbeddingStatistics statistics) => new(
        spec, new(tokenizer, spec), new(spec, tokenizer.PaddingId, statistics), spec.Batching == Batching.Single && isDynamicallyQuantised);
}
