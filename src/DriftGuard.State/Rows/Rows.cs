using System.ComponentModel.DataAnnotations;

namespace DriftGuard.State.Rows;

internal sealed class IndexRow
{
    [Key] public required string Name { get; init; }
    public required string Json { get; set; }
}

internal sealed class RolloutRow
{
    [Key] public required string Id { get; init; }
    public required string Index { get; init; }
    public required int Number { get; init; }
    public required string Phase { get; set; }

    /// <summary>Nothing is left to do for it: neither the rollout nor the retirement of the collection that lost.</summary>
    public required bool Finished { get; set; }
    public required string Json { get; set; }
}

internal sealed class RequestRow
{
    [Key] public long Sequence { get; init; }
    public required string RolloutId { get; init; }
    public required string Kind { get; init; }
    public required string By { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>What else was said, as the kind defines it.</summary>
    public string? Arguments { get; init; }
}

internal sealed class RolloutLeaseRow
{
    [Key] public required string RolloutId { get; init; }
    public required string Owner { get; init; }
    public required long Epoch { get; init; }
    public required DateTimeOffset Until { get; init; }
}

internal sealed class PartitionRow
{
    public required string RolloutId { get; init; }
    public required int Ordinal { get; init; }
    public required string Start { get; init; }
    public required string? End { get; init; }
    public required string Cursor { get; set; }
    public required int Attempt { get; set; }
    public required long Copied { get; set; }
    public required long Truncated { get; set; }
    public required bool Done { get; set; }
    public long Tokens { get; set; }
    public string? Proof { get; set; }
    public string? Owner { get; set; }
    public string? Failure { get; set; }
}

internal sealed class IdSetRow
{
    public required string RolloutId { get; init; }
    public required int Ordinal { get; init; }
    public required byte[] Bytes { get; init; }
}

internal sealed class ParkedRow
{
    public required string RolloutId { get; init; }
    public required string PointId { get; init; }
    public required string Reason { get; set; }
    public required DateTimeOffset At { get; set; }
    public required int Attempts { get; set; }
}

internal sealed class EvaluationRow
{
    [Key] public required string Id { get; init; }
    public required string Index { get; init; }
    public required string? RolloutId { get; init; }
    public required string Kind { get; init; }
    public required string Verdict { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Json { get; init; }
}

internal sealed class ModelIdentityRow
{
    public required string Fingerprint { get; init; }
    public required string Model { get; init; }
    public required string SystemFingerprint { get; init; }
    public required DateTimeOffset FirstSeen { get; init; }
    public required DateTimeOffset LastSeen { get; set; }
}

internal sealed class AuditRow
{
    [Key] public long Sequence { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Index { get; init; }
    public required string? RolloutId { get; init; }
    public required string Event { get; init; }
    public required string Reason { get; init; }
    public required string Message { get; init; }
    public string? By { get; init; }
    public string? From { get; init; }
    public string? Why { get; init; }
}

internal sealed class CounterRow
{
    [Key] public required string Name { get; init; }
    public required long Value { get; set; }
}
