using System.Security.Cryptography;
using DriftGuard.Worker.Security;

namespace DriftGuard.Worker.Configuration;

/// <summary>What the settings of listeners and of who may do what say about each other and about the machine.</summary>
internal static class SecurityRules
{
    public static IEnumerable<ConfigurationProblem> Check(DriftGuardOptions options) => [.. Http(options.Http), .. Oidc(options.Security.Oidc)];

    private static IEnumerable<ConfigurationProblem> Http(HttpOptions http)
    {
        if (!OptionsRules.IsHttpAddress(http.Address, out var https))
        {
            yield return new($"expected an address such as http://127.0.0.1:8470, found '{http.Address}'", "http.address");
            yield break;
        }

        if (https && (http.CertificateFile is null || http.CertificateKeyFile is null))
        {
            yield return new("an https:// address needs http.certificateFile and http.certificateKeyFile", "http.address");
        }
        else if (!https && (http.CertificateFile ?? http.CertificateKeyFile) is not null)
        {
            yield return new("a certificate is of use only with an https:// address", http.CertificateFile is null ? "http.certificateKeyFile" : "http.certificateFile");
        }
        else if (https && Problem(http) is { } problem)
        {
            yield return new(problem, "http.certificateFile");
        }
    }

    private static string? Problem(HttpOptions http)
    {
        try
        {
            using var certificate = ServerCertificate.Read(http.CertificateFile!, http.CertificateKeyFile!);
            return null;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            return $"the certificate and its key cannot be used: {error.Message}";
        }
    }

    private static IEnumerable<ConfigurationProblem> Oidc(OidcOptions oidc)
    {
        if (oidc.Authority is null)
        {
            if (oidc.Audience is not null || oidc.Grants.Count > 0)
            {
                yield return new("whose tokens? Set security.oidc.authority as well", "security.oidc.authority");
            }

            yield break;
        }

        if (!OptionsRules.IsAddress(oidc.Authority, out var https) || !(https || new Uri(oidc.Authority).IsLoopback))
        {
            yield return new($"expected an issuer such as https://login.example/realms/main, found '{oidc.Authority}'; http:// is for the loopback interface alone", "security.oidc.authority");
        }

        if (string.IsNullOrEmpty(oidc.Audience))
        {
            yield return new("a token must say that it is meant for DriftGuard: set the audience that it names", "security.oidc.audience");
        }

        if (oidc.Grants.Count == 0)
        {
            yield return new("no value of the claim grants anything: add one, such as {value: search-operators, role: operator}", "security.oidc.grants");
        }
    }
}
