namespace DriftGuard.Worker.Configuration;

/// <summary>Where <c>driftguard serve</c> answers over HTTP.</summary>
public sealed record HttpOptions
{
    /// <summary>The address to listen on; <c>http://0.0.0.0:8470</c> answers from outside, port 0 takes a free one.</summary>
    public string Address { get; init; } = "http://127.0.0.1:8470";
}
