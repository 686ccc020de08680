using System.ComponentModel.DataAnnotations;

namespace DriftGuard.Worker.Configuration;

/// <summary>How much the gateway does at a time, so that nobody's flood is everybody's.</summary>
public sealed record GatewayOptions
{
    /// <summary>
    /// Requests of one client that are worked on or wait, 32 unless set; more are refused with 429. A client is an API key, the subject of a token, or
    /// an address where nothing is sent.
    /// </summary>
    [Range(1, 100_000)]
    public int RequestsOfAClient { get; init; } = 32;

    /// <summary>Searches and embeddings that are worked on at a time, of all clients; 64 unless set.</summary>
    [Range(1, 100_000)]
    public int ConcurrentReads { get; init; } = 64;

    /// <summary>Writes that are worked on at a time, those that wait for a switch included; 64 unless set.</summary>
    [Range(1, 100_000)]
    public int ConcurrentWrites { get; init; } = 64;

    /// <summary>Requests that wait for their turn, of reads and of writes each; 512 unless set. More are refused with 429.</summary>
    [Range(0, 1_000_000)]
    public int Queue { get; init; } = 512;

    /// <summary>
    /// Whether the models of all indexes are opened at the start, and the process is not ready before: the first query waits for no cold one. Turn it off where
    /// there are more models than one process can hold.
    /// </summary>
    public bool WarmModels { get; init; } = true;

    /// <summary>Live queries that are answered by a rollout's new collection as well.</summary>
    public ShadowOptions Shadow { get; init; } = new();
}
