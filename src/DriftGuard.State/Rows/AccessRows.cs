using System.ComponentModel.DataAnnotations;

namespace DriftGuard.State.Rows;

/// <summary>An API key. Its secret is kept nowhere.</summary>
internal sealed class ApiKeyRow
{
    [Key] public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Grants { get; init; }
    public required byte[] Digest { get; set; }
    public byte[]? PreviousDigest { get; set; }
    public DateTimeOffset? PreviousUntil { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RotatedAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }
    public DateTimeOffset? LastUsedAt { get; set; }
    public string? LastUsedFrom { get; set; }
}

/// <summary>A request that acted under an idempotency key, and what it was answered with.</summary>
internal sealed class IdempotencyRow
{
    /// <summary>SHA-256 of who asked and of the key they sent.</summary>
    [Key] public required string Key { get; init; }

    /// <summary>SHA-256 of what was asked.</summary>
    public required string Request { get; init; }
    public required DateTimeOffset At { get; set; }

    /// <summary>The process that works on it.</summary>
    public required string Owner { get; set; }

    /// <summary>The status of the answer; null while there is none.</summary>
    public int? Status { get; set; }
    public string? ContentType { get; set; }
    public byte[]? Body { get; set; }
}
