using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DriftGuard.Worker.Security;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DriftGuard.Worker.Tests.Security;

public sealed class ServerCertificateTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-certificate-").FullName;
    private readonly FakeTimeProvider time = new();

    private string CertificateFile => Path.Join(folder, "tls.crt");

    private string KeyFile => Path.Join(folder, "tls.key");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_renewed_certificate_is_taken_up_without_a_restart_and_a_broken_one_is_not()
    {
        var now = DateTime.UtcNow;
        Write("first", now);
        var certificate = new ServerCertificate(CertificateFile, KeyFile, time, NullLogger<ServerCertificate>.Instance);
        certificate.Current().Subject.ShouldBe("CN=first");

        Write("second", now.AddMinutes(1));
        certificate.Current().Subject.ShouldBe("CN=first", "files are not looked at for every connection");
        time.Advance(TimeSpan.FromSeconds(10));
        certificate.Current().Subject.ShouldBe("CN=second");
        certificate.Current().HasPrivateKey.ShouldBeTrue();

        File.WriteAllText(KeyFile, "no key");
        File.SetLastWriteTimeUtc(KeyFile, now.AddMinutes(2));
        time.Advance(TimeSpan.FromSeconds(10));
        certificate.Current().Subject.ShouldBe("CN=second");

        Write("third", now.AddMinutes(3));
        time.Advance(TimeSpan.FromSeconds(10));
        certificate.Current().Subject.ShouldBe("CN=third");
    }

    private void Write(string name, DateTime at)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
        File.SetLastWriteTimeUtc(CertificateFile, at);
        File.SetLastWriteTimeUtc(KeyFile, at);
    }
}
