using System.ComponentModel.DataAnnotations;

namespace DriftGuard.State.Rows;

internal sealed class DirtyIdRow
{
    public required string Index { get; init; }
    public required string PointId { get; init; }
    public required long Sequence { get; init; }

    /// <summary>The sequence of a write of the id that was under way when it was marked again.</summary>
    public long? Before { get; init; }
}

internal sealed class OpenWriteRow
{
    [Key] public required long Sequence { get; init; }
    public required string Index { get; init; }
    public required DateTimeOffset Until { get; init; }
}

internal sealed class WriteHoldRow
{
    [Key] public required string Index { get; init; }
    public required string Nonce { get; init; }
    public required DateTimeOffset Until { get; init; }
}
