using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DriftGuard.Qdrant.Tests.Server;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Tests.Connection;

public sealed class TlsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("driftguard-tls-");

    [Fact]
    public async Task A_self_signed_certificate_is_trusted_through_its_file()
    {
        using var certificate = SelfSigned("localhost");
        await using var server = await StartAsync(certificate);
        using var store = server.Connect(options => options.CaCertificateFile = WritePem(certificate));
        (await store.ServerAsync()).VersionText.ShouldBe("1.18.3");
    }

    [Fact]
    public async Task Without_its_file_a_self_signed_certificate_is_refused_as_TLS_not_as_unreachable()
    {
        using var certificate = SelfSigned("localhost");
        await using var server = await StartAsync(certificate);
        using var store = server.Connect();
        var failure = await Should.ThrowAsync<QdrantException>(() => store.ServerAsync());
        failure.Kind.ShouldBe(QdrantFailure.Tls);
        failure.Message.ShouldContain("set a CA certificate file");
        server.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_authoritys_file_does_not_make_it_trusted()
    {
        using var certificate = SelfSigned("localhost");
        using var other = SelfSigned("localhost");
        await using var server = await StartAsync(certificate);
        using var store = server.Connect(options => options.CaCertificateFile = WritePem(other));
        var failure = await Should.ThrowAsync<QdrantException>(() => store.ServerAsync());
        failure.Kind.ShouldBe(QdrantFailure.Tls);
        failure.Message.ShouldContain("ca.pem");
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_refused_even_if_trusted()
    {
        using var certificate = SelfSigned("qdrant.example");
        await using var server = await StartAsync(certificate);
        using var store = server.Connect(options => options.CaCertificateFile = WritePem(certificate));
        (await Should.ThrowAsync<QdrantException>(() => store.ServerAsync())).Kind.ShouldBe(QdrantFailure.Tls);
    }

    [Fact]
    public async Task Https_to_a_server_without_TLS_is_a_TLS_failure_that_is_not_repeated()
    {
        await using var server = await ScriptedServer.StartAsync(Health);
        using var store = server.Connect(options => options.Address = new Uri($"https://localhost:{server.Address.Port}"));
        var failure = await Should.ThrowAsync<QdrantException>(() => store.ServerAsync());
        failure.Kind.ShouldBe(QdrantFailure.Tls);
        failure.Message.ShouldNotContain("attempts");
        failure.Message.ShouldContain("else use http://");
    }

    [Fact]
    public async Task Http_to_a_server_with_TLS_is_unreachable_and_says_to_try_https()
    {
        using var certificate = SelfSigned("localhost");
        await using var server = await StartAsync(certificate);
        using var store = server.Connect(options =>
        {
            options.Address = new Uri($"http://localhost:{server.Address.Port}");
            options.RetryAttempts = 0;
        });
        var failure = await Should.ThrowAsync<QdrantException>(() => store.ServerAsync());
        failure.Kind.ShouldBe(QdrantFailure.Unreachable);
        failure.Message.ShouldContain("else use https://");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Answer Health => Answer.Ok(new HealthCheckReply { Title = "qdrant", Version = "1.18.3" });

    private static Task<ScriptedServer> StartAsync(X509Certificate2 certificate) => ScriptedServer.StartAsync(_ => Health, certificate);

    private static X509Certificate2 SelfSigned(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddMinutes(-5), now.AddHours(1));
        // Kestrel wants a key that is not ephemeral on every platform.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }

    private string WritePem(X509Certificate2 certificate)
    {
        var file = Path.Combine(_folder.FullName, "ca.pem");
        File.WriteAllText(file, certificate.ExportCertificatePem());
        return file;
    }
}
