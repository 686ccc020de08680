using System.Collections.Concurrent;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Inference;

namespace DriftGuard.Embedding.Variants;

/// <summary>
/// Embeds texts under any variant of a folder's spec. The weights are read, verified and loaded once; the variants share them. Thread-safe.
/// </summary>
/// <remarks>
/// A text's vector is the one that <see cref="EmbeddingModel.OpenVariant"/> gives. Nothing is tuned: sessions and batches are those that the
/// options state, and presets where they do not. A provider over HTTP is asked anew for each variant.
/// </remarks>
public sealed class VariantEmbedder : IDisposable
{
    private readonly IVariantSource _source;
    private readonly ConcurrentDictionary<Fingerprint, Lazy<Task<ITextEmbedder>>> _embedders = new();
    private readonly string _directory;

    private VariantEmbedder(string directory, ModelSpec spec, IVariantSource source) => (_directory, Spec, _source) = (directory, spec, source);

    /// <summary>What the folder's own <c>model.yaml</c> says.</summary>
    public ModelSpec Spec { get; }

    /// <inheritdoc cref="EmbeddingModel.IsDynamicallyQuantised"/>
    public bool IsDynamicallyQuantised => _source.IsDynamicallyQuantised;

    /// <summary>Opens a folder. Takes the time of loading the weights once a session.</summary>
    /// <param name="modelDirectory">A folder with <c>model.yaml</c>, see <see cref="ModelCatalog"/>.</param>
    /// <param name="options">How to run it; nothing in it changes a vector.</param>
    /// <exception cref="ModelException">What <see cref="EmbeddingModel.Open"/> refuses.</exception>
    public static VariantEmbedder Open(string modelDirectory, EmbeddingModelOptions? options = null)
    {
        options ??= new();
        EmbeddingModelOptions.Validate(options);
        var folder = ModelLoader.Read(modelDirectory);
        return new(modelDirectory, folder.Spec, folder.Endpoint is null
            ? OnnxVariants.Open(modelDirectory, folder.Spec, options)
            : new HttpVariants(modelDirectory, folder.Endpoint, options));
    }

    /// <summary>Embeds texts under a variant, in the order given. A text that has no vector says why and leaves the others alone.</summary>
    /// <param name="variant">The folder's own spec, or one that differs as <see cref="EmbeddingModel.OpenVariant"/> allows.</param>
    /// <param name="texts">Texts without prefix; the variant's is added.</param>
    /// <param name="kind">Whether they are searched with or found.</param>
    /// <param name="cancellationToken">Ends the call at the next run.</param>
    /// <exception cref="ModelException">The folder's files cannot be used as the variant says.</exception>
    /// <exception cref="EmbeddingProviderException">The provider cannot be used; no text is at fault.</exception>
    /// <exception cref="ObjectDisposedException">This was disposed, before or meanwhile.</exception>
    public async ValueTask<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(
        ModelSpec variant, IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(variant);
        ArgumentNullException.ThrowIfNull(texts);
        cancellationToken.ThrowIfCancellationRequested();
        var embedder = await _embedders.GetOrAdd(Fingerprint.Of(variant), _ => new(() => PrepareAsync(variant))).Value
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        return await embedder.EmbedAsync(texts, kind, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for the runs under way and frees the weights. Calls that are not finished fail.</summary>
    public void Dispose() => _source.Dispose();

    private Task<ITextEmbedder> PrepareAsync(ModelSpec variant) => Task.Run(() => _source.PrepareAsync(VariantRules.Admit(variant, Spec, _directory)));
}
