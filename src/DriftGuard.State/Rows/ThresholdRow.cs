using System.ComponentModel.DataAnnotations;

namespace DriftGuard.State.Rows;

internal sealed class ThresholdRow
{
    /// <summary>In the order in which they were stored: the last of an index, model and name counts.</summary>
    [Key] public long Sequence { get; init; }
    public required string Index { get; init; }
    public required string Fingerprint { get; init; }
    public required string Name { get; init; }
    public required double Value { get; init; }
    public required string Method { get; init; }
    public required bool Provisional { get; init; }
    public required double? Alpha { get; init; }
    public required double? Lower { get; init; }
    public required double? Upper { get; init; }
    public required string? Source { get; init; }
    public required int? Seed { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Json { get; init; }
}
