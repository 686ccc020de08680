using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;

namespace DriftGuard.Worker.Models;

/// <summary>A model that was opened to be looked at: nothing of it is put on record, since it may not be the one that its name says.</summary>
/// <param name="model">The model.</param>
public sealed class OpenedModel(EmbeddingModel model) : ITextEmbedder, IDisposable
{
    /// <inheritdoc/>
    public ModelSpec Spec => model.Spec;

    /// <inheritdoc/>
    public Fingerprint Fingerprint => model.Fingerprint;

    /// <inheritdoc/>
    public int CallsAtOnce => model.CallsAtOnce;

    /// <inheritdoc/>
    public string Directory => model.Directory;

    /// <inheritdoc/>
    public bool IsDynamicallyQuantised => model.IsDynamicallyQuantised;

    /// <inheritdoc/>
    public IReadOnlyList<ProviderIdentity> Identities => model.Identities;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellation) =>
        model.EmbedAsync(texts, kind, cancellation);

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();
}
