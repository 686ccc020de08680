using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Inference;

/// <summary>Texts to outcomes under one spec. Thread-safe.</summary>
internal interface ITextEmbedder
{
    /// <summary>
    /// Embeds texts, in the order given. What is wrong with one text is its outcome; what keeps all from being embedded is thrown.
    /// </summary>
    Task<EmbeddingOutcome[]> EmbedAsync(IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellationToken);
}

/// <summary>What computes the vectors of a model: the part that differs by provider. Thread-safe.</summary>
internal interface IEmbeddingEngine : ITextEmbedder, IDisposable
{
    /// <summary>How vectors are computed here, for people: hardware, sessions, batches; or address and limits.</summary>
    string Description { get; }

    /// <summary>Calls that are worth having under way at once.</summary>
    int CallsAtOnce => 1;

    /// <summary>As which models the provider has answered; none where vectors are computed from verified files.</summary>
    IReadOnlyList<ProviderIdentity> Identities => [];

    /// <summary>Takes in as which models the provider has answered elsewhere.</summary>
    /// <exception cref="EmbeddingProviderException">It has answered as another model.</exception>
    void Recall(IReadOnlyList<ProviderIdentity> identities)
    {
    }

    /// <summary>Whether the vectors come from a graph that scales activations by batch; not known where they are computed elsewhere.</summary>
    bool IsDynamicallyQuantised => false;

    /// <summary>The settings in use, and why these; <see langword="null"/> where vectors are computed elsewhere.</summary>
    InferenceTuning? Tuning => null;

    /// <summary>Measures the settings now, even if they are known.</summary>
    Task TuneAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
