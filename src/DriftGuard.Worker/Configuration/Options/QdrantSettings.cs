using System.ComponentModel.DataAnnotations;

namespace DriftGuard.Worker.Configuration;

/// <summary>The Qdrant that holds the collections. One client speaks to either kind; only the address differs.</summary>
public sealed record QdrantSettings
{
    /// <summary>The gRPC address, such as <c>https://qdrant.example:6334</c>. Absent: the embedded Qdrant in the data folder.</summary>
    public string? Address { get; init; }

    /// <summary>
    /// The REST address of the same Qdrant, such as <c>https://qdrant.example:6333</c>, which is asked for the peers of a cluster. Unless set, port 6333
    /// of the same host where <see cref="Address"/> has 6334.
    /// </summary>
    public string? RestAddress { get; init; }

    /// <summary>The API key that Qdrant asks for, and that the embedded one then demands. Prefer <see cref="ApiKeyFile"/>.</summary>
    [SecretSetting]
    public string? ApiKey { get; init; }

    /// <summary>A file that holds the API key, such as a mounted secret; white space around it is ignored.</summary>
    [PathSetting]
    public string? ApiKeyFile { get; init; }

    /// <summary>A PEM file with the certificate authority that signed Qdrant's certificate, for an <c>https</c> address.</summary>
    [PathSetting]
    public string? CaCertificateFile { get; init; }

    /// <summary>
    /// How long one attempt of a write to points may take; 1 minute unless set. A write that has no answer may still be applied until then, so a
    /// process that takes over a rollout waits as long before its final pass.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The embedded Qdrant, used where no address is set.</summary>
    public EmbeddedQdrantSettings Embedded { get; init; } = new();

    /// <summary>Whether the embedded Qdrant is used.</summary>
    public bool IsEmbedded => Address is null;

    /// <summary>The API key, read from <see cref="ApiKeyFile"/> where that is set; null where neither is.</summary>
    /// <returns>The key without surrounding white space.</returns>
    /// <exception cref="IOException">The file cannot be read any more; it could when the configuration was loaded.</exception>
    public string? ReadApiKey() => ApiKeyFile is null ? ApiKey : File.ReadAllText(ApiKeyFile).Trim();
}

/// <summary>How the embedded Qdrant listens. It is reachable from this machine only.</summary>
public sealed record EmbeddedQdrantSettings
{
    /// <summary>The gRPC port on the loopback address; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int Port { get; init; }
}
