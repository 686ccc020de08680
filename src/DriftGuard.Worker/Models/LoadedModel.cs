using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;

namespace DriftGuard.Worker.Models;

/// <summary>A model that was opened from its folder and verified.</summary>
/// <param name="model">The model.</param>
public sealed class LoadedModel(EmbeddingModel model) : ITextEmbedder, IDisposable
{
    /// <inheritdoc/>
    public ModelSpec Spec => model.Spec;

    /// <inheritdoc/>
    public Fingerprint Fingerprint => model.Fingerprint;

    /// <summary>Texts, tokens and truncated texts so far.</summary>
    public EmbeddingStatistics Statistics => model.Statistics;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellation) =>
        model.EmbedAsync(texts, kind, cancellation);

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();
}
