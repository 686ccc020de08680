using DriftGuard.Worker.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DriftGuard.Worker.Loops;

/// <summary>Adds loops to a host.</summary>
internal static class LoopServices
{
    /// <summary>Runs a loop for as long as the host runs.</summary>
    public static IServiceCollection AddLoop<TLoop>(this IServiceCollection services)
        where TLoop : class, ILoop
    {
        services.TryAddSingleton<TLoop>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILoop, TLoop>(s => s.GetRequiredService<TLoop>()));
        return services.AddLoopSupervisor();
    }

    /// <summary>Runs a loop that is made here; there may be several of its type.</summary>
    public static IServiceCollection AddLoop(this IServiceCollection services, Func<IServiceProvider, ILoop> make) => services.AddSingleton(make).AddLoopSupervisor();

    private static IServiceCollection AddLoopSupervisor(this IServiceCollection services)
    {
        services.TryAddSingleton<LoopSupervisor>();
        return services.AddDriftGuardMetrics().AddHostedService(s => s.GetRequiredService<LoopSupervisor>());
    }
}
