using System.ComponentModel.DataAnnotations;

namespace DriftGuard.Worker.Configuration;

/// <summary>What <c>driftguard serve</c> tells of itself to Prometheus and OpenTelemetry.</summary>
public sealed record TelemetryOptions
{
    /// <summary>Whether <c>/metrics</c> is answered at <c>http.address</c>, for Prometheus; it is unless set to false.</summary>
    public bool Prometheus { get; init; } = true;

    /// <summary>
    /// The share of requests whose trace is kept where whoever sends them has not decided it, from 0 to 1; .05 unless set. Those of rollouts and of drift
    /// checks are kept all. Traces are kept only where <see cref="Otlp"/> says where.
    /// </summary>
    [Range(0d, 1d)]
    public double Sampling { get; init; } = .05;

    /// <summary>How many indexes have labels of their own in metrics, those that are met first; 50 unless set. All others are <c>other</c> together.</summary>
    [Range(1, 1000)]
    public int IndexLabels { get; init; } = 50;

    /// <summary>Where metrics, traces and logs are sent by OpenTelemetry's protocol.</summary>
    public OtlpOptions Otlp { get; init; } = new();
}

/// <summary>Where metrics, traces and logs are sent by OpenTelemetry's protocol: a collector, or whatever takes it.</summary>
public sealed record OtlpOptions
{
    /// <summary>The address, such as <c>http://collector:4317</c>; by HTTP that below which <c>v1/traces</c> lies. Nothing is sent unless it is set.</summary>
    public string? Endpoint { get; init; }

    /// <summary>How it is spoken to; <c>grpc</c> unless set.</summary>
    public OtlpProtocol Protocol { get; init; }

    /// <summary>Headers of each call, such as <c>authorization=Bearer ...</c>, several with commas between. Prefer <see cref="HeadersFile"/>.</summary>
    [SecretSetting]
    public string? Headers { get; init; }

    /// <summary>A file that holds the headers, such as a mounted secret; white space around them is ignored.</summary>
    [PathSetting]
    public string? HeadersFile { get; init; }

    /// <summary>The headers, read from <see cref="HeadersFile"/> where that is set; null where neither is.</summary>
    /// <exception cref="IOException">The file cannot be read any more; it could when the configuration was loaded.</exception>
    public string? ReadHeaders() => HeadersFile is null ? Headers : File.ReadAllText(HeadersFile).Trim();
}

/// <summary>How a collector is spoken to.</summary>
public enum OtlpProtocol
{
    /// <summary>By gRPC, mostly on port 4317.</summary>
    Grpc,

    /// <summary>By HTTP with protobuf bodies, mostly on port 4318.</summary>
    Http,
}
