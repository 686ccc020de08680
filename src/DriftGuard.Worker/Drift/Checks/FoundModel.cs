using DriftGuard.Core.Drift.Findings;
using DriftGuard.Core.Embedding;
using DriftGuard.Worker.Drift.Enrolment;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Drift.Checks;

/// <summary>The model of a check, as it is found under its name right now: it may be another one than the collection was made with.</summary>
internal sealed record FoundModel : IDisposable
{
    /// <summary>Its name, from the collection's metadata.</summary>
    public required string Name { get; init; }

    /// <summary>The fingerprint that the collection says.</summary>
    public required string Expected { get; init; }

    /// <summary>What was measured of the expected one; null if nothing was.</summary>
    public required ModelEnrolment? Enrolment { get; init; }

    /// <summary>The model; null if it cannot be opened.</summary>
    public ITextEmbedder? Embedder { get; init; }

    /// <summary>The fingerprint of what is found; null if it cannot be read.</summary>
    public Fingerprint? Fingerprint { get; init; }

    /// <summary>Members of the spec that are not what was fingerprinted.</summary>
    public IReadOnlyList<SpecDifference> Spec { get; init; } = [];

    /// <summary>Files that are not what was fingerprinted.</summary>
    public IReadOnlyList<FileDifference> Files { get; init; } = [];

    /// <summary>Why it cannot be opened; null if it can.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether it is still the model that the collection was made with, by its digests.</summary>
    public bool IsExpected => Fingerprint?.Id == Expected && Spec.Count == 0 && Files.Count == 0;

    /// <summary>What was opened for the check alone, and ends with it; null where the pool's is used.</summary>
    public IDisposable? Own { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Own?.Dispose();
}
