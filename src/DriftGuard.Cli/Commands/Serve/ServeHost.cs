using DriftGuard.Cli.Shell;
using DriftGuard.Dashboard.Hosting;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Gateway;
using DriftGuard.Worker.Health;
using DriftGuard.Worker.Hosting;
using DriftGuard.Worker.Installation;
using DriftGuard.Worker.Security;
using DriftGuard.Worker.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Cli.Commands.Serve;

/// <summary>The host of <c>serve</c>. It reads no configuration of its own: what is not in the options cannot be set.</summary>
internal static class ServeHost
{
    public static WebApplication Build(DriftGuardOptions options, QdrantEndpoint qdrant, OpenedInstallation installation, ServeRole role, TimeProvider time, bool verbose)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        ShellLogging.ForService(builder.Logging, options.Log, verbose);
        // What keeps the host from starting is thrown as well, and told there once, without a stack trace.
        var starting = new StartState();
        builder.Services.AddSingleton(starting);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", level => level >= LogLevel.Warning && level >= options.Log.Level && (verbose || starting.Started));
        builder.WebHost.ListenAsConfigured(options.Http);
        builder.Services.AddRoutingCore();
        WorkerServices.Add(builder.Services, qdrant, installation, role, time);

        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Http.ShutdownTimeout);
        if (role.Manages())
        {
            builder.Services.AddDashboard();
        }

        var app = builder.Build();
        if (role.Manages())
        {
            app.UseDashboard();
        }

        app.UseDraining();
        app.UseApiProblems();
        app.UseRouting();
        app.UseDriftGuardSecurity();
        app.UseIdempotencyKeys();
        app.MapDriftGuardHealth();
        app.MapDriftGuardMetrics(options);
        if (role != ServeRole.Worker)
        {
            app.MapThresholds();
            app.MapShadowTraffic();
        }

        if (role.IsGateway())
        {
            app.MapGateway();
        }

        if (role.Manages())
        {
            app.MapManagementApi();
            app.MapDashboard();
        }

        return app;
    }

    public static async Task StartAsync(WebApplication host, DriftGuardOptions options, CancellationToken cancellationToken)
    {
        await Listening.StartAsync(host, options.Http, cancellationToken);
        host.Services.GetRequiredService<StartState>().Started = true;
    }

    private sealed class StartState
    {
        public bool Started { get; set; }
    }
}
