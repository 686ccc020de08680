using DriftGuard.Worker.Api;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Loops;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Security;

/// <summary>Who may: callers, what they may do, and TLS on the listener.</summary>
public static class SecurityServices
{
    /// <summary>Adds what finds out who asks and what they may.</summary>
    public static IServiceCollection AddDriftGuardSecurity(this IServiceCollection services)
    {
        services.TryAddSingleton<KeyService>();
        services.AddLoop<KeyRing>();
        services.AddSingleton<TokenReader>();
        services.AddSingleton<Callers>();
        return services;
    }

    /// <summary>Asks of every request who sends it, and holds that against what its route needs.</summary>
    public static void UseDriftGuardSecurity(this IApplicationBuilder app)
    {
        var callers = app.ApplicationServices.GetRequiredService<Callers>();
        app.Use(async (context, next) =>
        {
            if (await callers.OfAsync(context) is { } caller)
            {
                context.Features.Set(caller);
            }

            await (AccessPolicies.Missing(context) is { } denied ? ApiAnswers.WriteAsync(context, _ => throw denied) : next(context));
        });
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
