using System.ComponentModel.DataAnnotations;

namespace DriftGuard.Worker.Configuration;

/// <summary>Where <c>driftguard serve</c> answers over HTTP.</summary>
public sealed record HttpOptions
{
    /// <summary>The address to listen on; <c>https://0.0.0.0:8470</c> answers from outside, port 0 takes a free one.</summary>
    public string Address { get; init; } = "http://127.0.0.1:8470";

    /// <summary>
    /// How long requests are still taken and answered after <c>/health/ready</c> has begun to say that no more should be sent, 5 seconds unless set: for as long
    /// as whoever spreads requests needs to notice. Nothing is waited for where nobody has asked <c>/health/ready</c> within the last minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long requests that are worked on, and work in hand, may take to come to their end after that, 30 seconds unless set; then they are cut off.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The certificate of an <c>https://</c> address with its chain, in PEM. It is read again when the file changes.</summary>
    [PathSetting]
    public string? CertificateFile { get; init; }

    /// <summary>The certificate's private key, in PEM.</summary>
    [PathSetting]
    public string? CertificateKeyFile { get; init; }
}
