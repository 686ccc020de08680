namespace DriftGuard.Qdrant.Embedded;

/// <summary>Where an <see cref="EmbeddedQdrant"/> keeps its data and where it listens.</summary>
public sealed record EmbeddedQdrantOptions
{
    /// <summary>Folder of the server's files; created when absent. One process at a time may hold it.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Address or host name to listen on. Default: loopback only.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>TCP port of the gRPC endpoint; 0 (the default) takes any free one, read it from <see cref="EmbeddedQdrant.Address"/>.</summary>
    public int Port { get; init; }

    /// <summary>When set, every request must carry it in its <c>api-key</c> metadata. Default: no authentication.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Most pages that the file of a collection may have: how tests fill a disk.</summary>
    internal int? MaxPagesPerCollection { get; init; }
}
