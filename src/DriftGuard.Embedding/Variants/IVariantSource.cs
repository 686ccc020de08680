using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Inference;

namespace DriftGuard.Embedding.Variants;

/// <summary>What computes vectors under several specs of one folder. Thread-safe.</summary>
internal interface IVariantSource : IDisposable
{
    /// <inheritdoc cref="EmbeddingModel.IsDynamicallyQuantised"/>
    bool IsDynamicallyQuantised { get; }

    /// <summary>Makes what embeds under a variant, which was admitted.</summary>
    /// <exception cref="ModelException">The files cannot be used so.</exception>
    Task<ITextEmbedder> PrepareAsync(ModelSpec variant);
}
