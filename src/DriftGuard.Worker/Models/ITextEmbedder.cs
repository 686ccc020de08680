using System.Runtime.InteropServices;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;

namespace DriftGuard.Worker.Models;

/// <summary>What turns texts into vectors for an index: a model that was opened and verified, or a stand-in that costs nothing.</summary>
public interface ITextEmbedder
{
    /// <summary>Everything that decides its vectors.</summary>
    ModelSpec Spec { get; }

    /// <summary>Identity of the spec and its files.</summary>
    Fingerprint Fingerprint { get; }

    /// <summary>Calls that are worth having under way at once: one that runs in the process takes all cores, a server takes several.</summary>
    int CallsAtOnce => 1;

    /// <summary>The folder it was opened from; null where there is none.</summary>
    string? Directory => null;

    /// <summary>Whether its graph scales activations by batch, so that the vectors that others make with it depend on their batches.</summary>
    bool IsDynamicallyQuantised => false;

    /// <summary>As which models the provider has answered, in the order of first sight; none where vectors are computed from verified files.</summary>
    IReadOnlyList<ProviderIdentity> Identities => [];

    /// <summary>Requests that a provider was sent since the model was opened; null where there is no provider, or nobody counts.</summary>
    RequestFigures? Requests => null;

    /// <summary>Embeds texts, in the order given; a text that cannot be embedded has an outcome that says why.</summary>
    ValueTask<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellation);
}

/// <summary>Requests that a provider was sent.</summary>
/// <param name="Count">How many, repeats and refused ones included.</param>
/// <param name="Time">The time that they took together, without waits for limits.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RequestFigures(long Count, TimeSpan Time);
