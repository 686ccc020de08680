namespace DriftGuard.Core.Access;

/// <summary>An API key, without its secret: of that only a digest is kept.</summary>
/// <param name="Id">The part of the key that is no secret.</param>
/// <param name="Name">What people call it, once among the keys that are not revoked; it stands in the audit log.</param>
/// <param name="Grants">What its holder may do.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="ExpiresAt">From when on it opens nothing; null for never.</param>
/// <param name="RotatedAt">When its secret was last exchanged; null for never.</param>
/// <param name="RevokedAt">When it was revoked; null while it is not.</param>
/// <param name="LastUsedAt">When it was last used, to the minute; null for never.</param>
/// <param name="LastUsedFrom">From where that was.</param>
public sealed record ApiKey(
    string Id, string Name, Grants Grants, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt, DateTimeOffset? RotatedAt = null, DateTimeOffset? RevokedAt = null,
    DateTimeOffset? LastUsedAt = null, string? LastUsedFrom = null)
{
    /// <summary>Whether it opens anything.</summary>
    public bool IsValidAt(DateTimeOffset now) => RevokedAt is null && !(ExpiresAt <= now);
}

/// <summary>The digests by which the secrets of a key are known.</summary>
/// <param name="Current">SHA-256 of the secret.</param>
/// <param name="Previous">That of the secret before the last rotation; null where it opens nothing any more.</param>
/// <param name="PreviousUntil">Until when the previous one still opens.</param>
public sealed record KeyDigests(byte[] Current, byte[]? Previous = null, DateTimeOffset? PreviousUntil = null);
