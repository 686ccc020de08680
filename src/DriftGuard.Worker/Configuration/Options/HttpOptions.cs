namespace DriftGuard.Worker.Configuration;

/// <summary>Where <c>driftguard serve</c> answers over HTTP.</summary>
public sealed record HttpOptions
{
    /// <summary>The address to listen on; <c>https://0.0.0.0:8470</c> answers from outside, port 0 takes a free one.</summary>
    public string Address { get; init; } = "http://127.0.0.1:8470";

    /// <summary>The certificate of an <c>https://</c> address with its chain, in PEM. It is read again when the file changes.</summary>
    [PathSetting]
    public string? CertificateFile { get; init; }

    /// <summary>The certificate's private key, in PEM.</summary>
    [PathSetting]
    public string? CertificateKeyFile { get; init; }
}
