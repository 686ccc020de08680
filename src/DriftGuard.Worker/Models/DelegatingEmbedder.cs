using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;

namespace DriftGuard.Worker.Models;

/// <summary>Another model in all but how its texts are embedded: what it is, it says itself.</summary>
internal abstract class DelegatingEmbedder(ITextEmbedder model) : ITextEmbedder
{
    public ModelSpec Spec => Model.Spec;

    public Fingerprint Fingerprint => Model.Fingerprint;

    public int CallsAtOnce => Model.CallsAtOnce;

    public string? Directory => Model.Directory;

    public bool IsDynamicallyQuantised => Model.IsDynamicallyQuantised;

    public IReadOnlyList<ProviderIdentity> Identities => Model.Identities;

    public RequestFigures? Requests => Model.Requests;

    /// <summary>The other model.</summary>
    protected ITextEmbedder Model { get; } = model;

    public abstract ValueTask<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellation);
}
