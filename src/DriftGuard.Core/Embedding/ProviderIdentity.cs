namespace DriftGuard.Core.Embedding;

/// <summary>
/// Who says to have computed vectors: what a provider's answers name as their model. Evidence, not proof: providers change weights behind
/// a name too, but vectors under two names are never known to compare.
/// </summary>
public sealed record ProviderIdentity
{
    /// <summary>The model that answers name.</summary>
    public required string Model { get; init; }

    /// <summary>What identifies the system or revision behind <see cref="Model"/>; empty where the provider says nothing.</summary>
    public string SystemFingerprint { get; init; } = "";

    /// <summary>When it was first seen.</summary>
    public required DateTimeOffset FirstSeen { get; init; }

    /// <summary>When it was last seen.</summary>
    public required DateTimeOffset LastSeen { get; init; }

    /// <summary>Answers that named it since the model was opened.</summary>
    public long Answers { get; init; }

    /// <summary>Whether two are the same identity, whenever they were seen.</summary>
    public bool IsSameAs(ProviderIdentity other) => other.Model == Model && other.SystemFingerprint == SystemFingerprint;
}
