using System.ComponentModel.DataAnnotations;

namespace DriftGuard.State.Rows;

/// <summary>What one gateway counted of the searches that one collection answered in one minute.</summary>
internal sealed class SearchMinuteRow
{
    public required string Index { get; init; }
    public required string Collection { get; init; }
    public required DateTimeOffset Minute { get; init; }
    public required string Gateway { get; init; }
    public required string Json { get; set; }
}

/// <summary>What one gateway counted of the queries that both collections of a rollout answered in one minute.</summary>
internal sealed class ShadowMinuteRow
{
    public required string RolloutId { get; init; }
    public required DateTimeOffset Minute { get; init; }
    public required string Gateway { get; init; }
    public required string Json { get; set; }
}

/// <summary>A query that both collections of a rollout answered, kept because their answers differ much.</summary>
internal sealed class ShadowQueryRow
{
    public required string RolloutId { get; init; }

    /// <summary>SHA-256 of the query's text, or of its vector where it came as one.</summary>
    public required string Key { get; init; }

    /// <summary>From 0, nothing in common, to 1.</summary>
    public required double Overlap { get; set; }
    public required DateTimeOffset At { get; set; }
    public required string Json { get; set; }
}

/// <summary>A map by which queries of one model search a collection whose own model is gone.</summary>
internal sealed class BridgeRow
{
    [Key] public required string Id { get; init; }
    public required string Index { get; init; }

    /// <summary>Of the model that made the collection's vectors.</summary>
    public required string Fingerprint { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>When it was put out of use; null while it is in use, or was refused.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>It passed its gate.</summary>
    public required bool Serves { get; init; }
    public required string Json { get; set; }

    /// <summary>The map's numbers; null of one that was refused.</summary>
    public byte[]? Map { get; init; }
}
