using DriftGuard.Core.Drift;
using DriftGuard.Core.Indexes;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Drift.Baselines;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Drift.Checks;

/// <summary>What a check looks at, read once at its beginning.</summary>
internal sealed class DriftSubject : IDisposable
{
    /// <summary>What was enrolled.</summary>
    public required IndexDefinition Definition { get; init; }

    /// <summary>Where its texts are, and which vector is its own.</summary>
    public required IndexCorpus Corpus { get; init; }

    /// <summary>All aliases.</summary>
    public required AliasTable Aliases { get; init; }

    /// <summary>The collection behind the index' alias; null if there is none.</summary>
    public required CollectionState? Collection { get; init; }

    /// <summary>Its name; null if the alias points nowhere.</summary>
    public required string? CollectionName { get; init; }

    /// <summary>The model; null if the collection does not say which.</summary>
    public required FoundModel? Model { get; init; }

    /// <summary>What is compared with; null if none was taken under the collection's fingerprint.</summary>
    public required DriftBaseline? Baseline { get; init; }

    /// <summary>How checks are configured.</summary>
    public required DriftOptions Options { get; init; }

    /// <summary>The declaration of the index in the configuration; null if it is not declared.</summary>
    public required IndexOptions? Declared { get; init; }

    /// <summary>Points that the index detector embeds again in a run.</summary>
    public required int Sample { get; init; }

    /// <summary>Seed of everything that is drawn.</summary>
    public required int Seed { get; init; }

    /// <summary>When the check began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Counts what models do, and keeps to the budget.</summary>
    public required EmbeddingMeter Meter { get; init; }

    /// <summary>Name of the index.</summary>
    public string Index => Definition.Name;

    /// <inheritdoc/>
    public void Dispose() => Model?.Dispose();
}

/// <summary>One of the five questions of a check.</summary>
internal interface IDriftDetector
{
    /// <summary>Which.</summary>
    Detector Detector { get; }

    /// <summary>Answers it. What cannot be used is thrown and becomes an answer of its own.</summary>
    Task<DetectorResult> RunAsync(DriftSubject subject, CancellationToken cancellation);
}
