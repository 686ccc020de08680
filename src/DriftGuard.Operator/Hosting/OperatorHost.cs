using DriftGuard.Operator.Installations;
using DriftGuard.Worker.Api.Client;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Loops;
using DriftGuard.Worker.Security;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Operator.Hosting;

/// <summary>The host of an operator: its loop, and <c>/health/live</c> and <c>/health/ready</c>.</summary>
public static class OperatorHost
{
    /// <summary>Builds it.</summary>
    /// <param name="cluster">How the cluster is asked.</param>
    /// <param name="installation">Asks the installation; the host disposes it.</param>
    /// <param name="settings">What is looked after.</param>
    /// <param name="options">The configuration: where health is answered.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logging">Says where logs go.</param>
    public static WebApplication Build(
        KubernetesClientConfiguration cluster, ManagementClient installation, OperatorSettings settings, DriftGuardOptions options, TimeProvider time, Action<ILoggingBuilder> logging)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        logging(builder.Logging);
        builder.WebHost.ListenAsConfigured(options.Http);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<IKubernetes>(_ => new Kubernetes(cluster));
        builder.Services.AddSingleton(_ => installation);
        builder.Services.AddSingleton<IInstallation>(s => new HttpInstallation(s.GetRequiredService<ManagementClient>()));
        builder.Services.AddLoop<OperatorLoop>();
        var app = builder.Build();
        app.UseRouting();
        app.MapGet("/health/live", () => Results.Text("live"));
        // One that waits for the lease is ready as well: it takes over.
        app.MapGet("/health/ready", (LoopSupervisor loops) => loops.Standings.Any(loop => loop.KeepsFailing) ? Results.Text("failing", statusCode: StatusCodes.Status503ServiceUnavailable) : Results.Text("ready"));
        return app;
    }
}
