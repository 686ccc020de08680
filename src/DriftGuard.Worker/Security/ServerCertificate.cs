using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Security;

/// <summary>
/// The certificate of the listener. Files are looked at every so often, and read again when they have changed: who renews certificates need not restart
/// anything. A new one that cannot be used is told of, and the old one stays.
/// </summary>
public sealed partial class ServerCertificate
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    private readonly string file;
    private readonly string keyFile;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly Lock _looking = new();
    private X509Certificate2 _certificate;
    private (DateTime, DateTime) _written;
    private long _lookedAt;

    /// <summary>Reads the certificate.</summary>
    /// <param name="file">The certificate with its chain, in PEM.</param>
    /// <param name="keyFile">Its private key, in PEM.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where it is told what was read.</param>
    /// <exception cref="CryptographicException">They are not a certificate and its key.</exception>
    public ServerCertificate(string file, string keyFile, TimeProvider time, ILogger<ServerCertificate> log)
    {
        (this.file, this.keyFile, this.time, this.log) = (file, keyFile, time, log);
        (_written, _lookedAt) = (Written(), time.GetTimestamp());
        _certificate = Read(file, keyFile);
    }

    /// <summary>The certificate as it is now.</summary>
    public X509Certificate2 Current()
    {
        lock (_looking)
        {
            if (time.GetElapsedTime(_lookedAt) >= LookAgain)
            {
                _lookedAt = time.GetTimestamp();
                Renew();
            }

            return _certificate;
        }
    }

    /// <summary>Reads a certificate with its key.</summary>
    /// <exception cref="CryptographicException">They are not a certificate and its key.</exception>
    internal static X509Certificate2 Read(string file, string keyFile) => X509Certificate2.CreateFromPemFile(file, keyFile);

    private void Renew()
    {
        try
        {
            var written = Written();
            if (written == _written)
            {
                return;
            }

            // Connections may still use the old one; it goes with the last of them.
            _certificate = Read(file, keyFile);
            _written = written;
            LogRead(log, file, _certificate.Subject, _certificate.NotAfter.ToUniversalTime());
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            LogUnread(log, file, error.Message);
        }
    }

    private (DateTime Certificate, DateTime Key) Written() => (File.GetLastWriteTimeUtc(file), File.GetLastWriteTimeUtc(keyFile));

    [LoggerMessage(5061, LogLevel.Information, "Read the certificate anew from {File}: {Subject}, valid until {Until}")]
    private static partial void LogRead(ILogger log, string file, string subject, DateTime until);

    [LoggerMessage(5062, LogLevel.Warning, "The certificate in {File} has changed and cannot be used, the one before stays: {Failure}")]
    private static partial void LogUnread(ILogger log, string file, string failure);
}
