using System.Collections.Concurrent;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Http;
using DriftGuard.Embedding.Inference;

namespace DriftGuard.Embedding.Variants;

/// <summary>Variants of a model that is asked over HTTP: an engine each, since nothing of it is heavy.</summary>
internal sealed class HttpVariants(string directory, EndpointSettings endpoint, EmbeddingModelOptions options) : IVariantSource
{
    private readonly ConcurrentBag<HttpEmbeddingEngine> _engines = [];
    private volatile bool _disposed;

    public bool IsDynamicallyQuantised => false;

    public Task<ITextEmbedder> PrepareAsync(ModelSpec variant)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(VariantEmbedder));
        var engine = new HttpEmbeddingEngine(new HttpModelLoader(new ModelFiles(directory, variant), endpoint, new(), options).Load());
        _engines.Add(engine);
        // Whoever disposed of this in between did not see the engine.
        if (_disposed)
            engine.Dispose();
        return Task.FromResult<ITextEmbedder>(engine);
    }

    public void Dispose()
    {
        _disposed = true;
        while (_engines.TryTake(out var engine))
            engine.Dispose();
    }
}
