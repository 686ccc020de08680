using DriftGuard.Worker.Api;
using DriftGuard.Worker.Gateway;
using DriftGuard.Worker.Health;
using DriftGuard.Worker.Hosting;
using DriftGuard.Worker.Installation;
using DriftGuard.Worker.Notifications;
using DriftGuard.Worker.Security;
using DriftGuard.Worker.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Cli.Commands.Serve;

/// <summary>What <c>serve</c> runs: the table of contents of the worker.</summary>
internal static class WorkerServices
{
    public static void Add(IServiceCollection services, QdrantEndpoint qdrant, OpenedInstallation installation, ServeRole role, TimeProvider time)
    {
        services.AddSingleton(time);
        services.AddSingleton(qdrant);
        installation.AddTo(services, copies: role.Works());
        if (role.Works())
        {
            services.AddRolloutSupervisor().AddDriftScheduler().AddStateWatch().AddNotificationLoops(installation.Options.Notifications);
        }

        if (role.Manages())
        {
            services.AddManagementApi();
        }

        services.AddDriftGuardTelemetry(installation.Options.Telemetry, installation.State.Instance);
        services.AddDriftGuardSecurity();
        if (role != ServeRole.Api)
        {
            services.AddBridgeWatch();
        }

        var health = services.AddDriftGuardHealth();
        if (role.IsGateway())
        {
            services.AddGateway();
            health.AddOpenModels();
        }
    }
}
