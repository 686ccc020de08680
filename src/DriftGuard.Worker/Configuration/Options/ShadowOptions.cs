using System.ComponentModel.DataAnnotations;

namespace DriftGuard.Worker.Configuration;

/// <summary>
/// Live queries that a rollout's new collection answers as well before the cutover, in the background: whoever asks waits for none of it.
/// </summary>
public sealed record ShadowOptions
{
    /// <summary>The share of searches by text that are answered twice, from 0 to 1; 0, none, unless set.</summary>
    [Range(0d, 1d)]
    public double Share { get; init; }

    /// <summary>
    /// Whether the texts of queries whose answers differ most are kept, to be read and judged; they are not unless set, and the query is kept
    /// as the hash of its text and its vectors.
    /// </summary>
    public bool KeepText { get; init; }

    /// <summary>Queries of one gateway that wait to be answered a second time; 64 unless set. Those beyond are counted and dropped.</summary>
    [Range(1, 10_000)]
    public int Queue { get; init; } = 64;

    /// <summary>Queries of a rollout that are kept, those whose answers differ most; 200 unless set.</summary>
    [Range(0, 10_000)]
    public int Keep { get; init; } = 200;
}
