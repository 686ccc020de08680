using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Loops;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DriftGuard.Worker.Shadow;

/// <summary>Puts together what answers live queries a second time.</summary>
internal static class ShadowServices
{
    public static IServiceCollection AddShadowTraffic(this IServiceCollection services)
    {
        services.TryAddSingleton(s => new ShadowSample(s.GetRequiredService<DriftGuardOptions>().Gateway.Shadow.Share, Random.Shared.NextInt64()));
        return services
            .AddSingleton(s => new ShadowLedger(s.GetRequiredService<DriftGuardOptions>().Gateway.Shadow.Keep, s.GetRequiredService<TimeProvider>()))
            .AddSingleton<ShadowTraffic>()
            .AddLoop<ShadowWorker>();
    }
}
