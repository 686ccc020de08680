namespace DriftGuard.Core.Drift.Findings;

/// <summary>Parts of a collection and its place that are declared.</summary>
public enum SchemaPart
{
    /// <summary>Where the index' alias points.</summary>
    Alias,

    /// <summary>The epoch token.</summary>
    EpochToken,

    /// <summary>Whether the collection is there.</summary>
    Collection,

    /// <summary>The length of the vectors.</summary>
    Dimension,

    /// <summary>How vectors are compared.</summary>
    Distance,

    /// <summary>The fingerprint that the collection carries.</summary>
    Fingerprint,

    /// <summary>The model that the configuration declares for the index.</summary>
    DeclaredModel,

    /// <summary>A payload index.</summary>
    PayloadIndex,

    /// <summary>The state of the optimisers and replicas.</summary>
    Health,
}

/// <summary>Something that is not what was declared.</summary>
/// <param name="Part">What.</param>
/// <param name="Declared">What was declared, or was there before.</param>
/// <param name="Found">What is there.</param>
/// <param name="Message">The difference for people.</param>
public sealed record SchemaDifference(SchemaPart Part, string Declared, string Found, string Message)
{
    /// <summary>Whether searches or writes go wrong by it; otherwise it is a note.</summary>
    public bool Breaks { get; init; } = true;
}

/// <summary>What the schema detector saw.</summary>
/// <param name="Collection">The collection that the alias points to; null if to none.</param>
/// <param name="Differences">What is not as declared; empty if all is.</param>
public sealed record SchemaFindings(string? Collection, IReadOnlyList<SchemaDifference> Differences)
{
    /// <summary>Whether a part differs.</summary>
    public bool Differs(SchemaPart part) => Differences.Any(difference => difference.Part == part);
}
