using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant;

/// <summary>The conditions of an upsert, and what its vectors must be.</summary>
public sealed record UpsertOptions
{
    /// <summary>Unconditional.</summary>
    public static UpsertOptions None { get; } = new();

    /// <summary>
    /// Applies to a stored point only where the filter matches it; a point that is missing is inserted, which is how a deleted document
    /// comes back. See <see cref="StampFilters"/>.
    /// </summary>
    public Filter? UpdateFilter { get; init; }

    /// <summary>Insert only, update only, or both. 1.16 ignores it silently: prove it with a canary first.</summary>
    public UpdateMode Mode { get; init; } = UpdateMode.Upsert;

    /// <summary>What the vectors must be. Without it they must still be finite and not zero.</summary>
    public VectorExpectation? Vectors { get; init; }

    /// <summary>
    /// Whether the same upsert may be sent again when Qdrant is unavailable. Unconditional ones are. For a conditional one the caller must
    /// know that a second application changes nothing and revives nothing, as with a monotone revision in a collection nobody else deletes from.
    /// </summary>
    public bool? Repeatable { get; init; }

    internal bool IsConditional => UpdateFilter is not null || Mode != UpdateMode.Upsert;
}
