using DriftGuard.Worker.Configuration;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Security;

/// <summary>Who may: callers, what they may do, and TLS on the listener.</summary>
public static class SecurityServices
{
    /// <summary>Adds what finds out who asks and what they may.</summary>
    public static IServiceCollection AddDriftGuardSecurity(this IServiceCollection services, DriftGuardOptions options)
    {
        services.AddSingleton<KeyRing>();
        services.AddHostedService(s => s.GetRequiredService<KeyRing>());
        services.AddSingleton<IAuthorizationHandler, AccessPolicies.Handler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessPolicies.Refusals>();
        services.AddAuthorization(AccessPolicies.Add);
        var authentication = services.AddAuthentication(CallerAuthentication.Name)
            .AddScheme<AuthenticationSchemeOptions, CallerAuthentication>(CallerAuthentication.Name, null);
        if (options.Security.Oidc is { Authority: { } authority } oidc)
        {
            authentication.AddJwtBearer(CallerAuthentication.Tokens, bearer =>
            {
                (bearer.Authority, bearer.Audience) = (authority, oidc.Audience);
                bearer.RequireHttpsMetadata = authority.StartsWith("https:", StringComparison.Ordinal);
                bearer.MapInboundClaims = false; // claims by the names that the token gives them
                bearer.IncludeErrorDetails = false;
            });
        }

        return services;
    }

    /// <summary>Asks of every request who sends it, and holds that against what its route needs.</summary>
    public static void UseDriftGuardSecurity(this IApplicationBuilder app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
    }

    /// <summary>Listens where the options say, with TLS where they say so.</summary>
    public static IWebHostBuilder ListenAsConfigured(this IWebHostBuilder host, HttpOptions http)
    {
        host.UseKestrelCore().UseUrls(http.Address);
        if (http.CertificateFile is not { } file)
        {
            return host;
        }

        host.UseKestrelHttpsConfiguration();
        return host.ConfigureServices(services => services.AddSingleton(s => new ServerCertificate(
                file, http.CertificateKeyFile!, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<ServerCertificate>>())))
            .ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https =>
            {
                var certificate = kestrel.ApplicationServices.GetRequiredService<ServerCertificate>();
                https.ServerCertificateSelector = (_, _) => certificate.Current();
            }));
    }
}
