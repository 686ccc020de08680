using System.Text.Json;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Installation;
using DriftGuard.Worker.Loops;
using DriftGuard.Worker.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DriftGuard.Worker.Health;

/// <summary>
/// <c>/health/live</c>: the process answers, so do not restart it. <c>/health/ready</c>: what it needs answers too, so send it work.
/// Both are JSON with every check; 200, or 503 where one fails. A loop that fails again and again is told of as degraded, which is 200.
/// </summary>
public static class HealthEndpoints
{
    /// <summary>The tag of a check that decides about readiness. A check without it is reported on neither page.</summary>
    public const string ReadyTag = "ready";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Adds the checks. Needs a <see cref="QdrantEndpoint"/>, the state and loops among the services.</summary>
    public static IHealthChecksBuilder AddDriftGuardHealth(this IServiceCollection services)
    {
        // A probe must answer soon: it asks again by itself.
        services.AddSingleton(provider => new QdrantProbe(new QdrantStore(provider.GetRequiredService<QdrantEndpoint>().Client.ForAQuestion(Patience))));
        return services.AddDraining().AddHealthChecks()
            .AddCheck<DrainingHealthCheck>("serving", HealthStatus.Unhealthy, [ReadyTag], Patience)
            .AddCheck<StateHealthCheck>("state", HealthStatus.Unhealthy, [ReadyTag], Patience)
            .Add(new HealthCheckRegistration(
                "qdrant", provider => new QdrantHealthCheck(provider.GetRequiredService<QdrantProbe>().Store), HealthStatus.Unhealthy, [ReadyTag], Patience))
            .Add(new HealthCheckRegistration(
                "loops", provider => new LoopHealthCheck(provider.GetRequiredService<LoopSupervisor>()), HealthStatus.Unhealthy, [ReadyTag], Patience));
    }

    /// <summary>Adds the check whether models are open before applications are answered. Needs the gateway among the services.</summary>
    public static IHealthChecksBuilder AddOpenModels(this IHealthChecksBuilder checks) =>
        checks.AddCheck<ModelsHealthCheck>("models", HealthStatus.Unhealthy, [ReadyTag], Patience);

    /// <summary>Answers on <c>/health/live</c> and <c>/health/ready</c>.</summary>
    public static void MapDriftGuardHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync }).IsOpen();
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(ReadyTag), ResponseWriter = WriteAsync }).IsOpen();
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) =>
        context.Response.WriteAsJsonAsync(
            new
            {
                Status = Word(report.Status),
                Checks = report.Entries.ToDictionary(
                    entry => entry.Key,
                    entry => new { Status = Word(entry.Value.Status), entry.Value.Description },
                    StringComparer.Ordinal),
            },
            context.RequestAborted);

    private static string Word(HealthStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    // A type of its own, so that the container ends it and nobody takes it for the store of the rollouts.
    private sealed record QdrantProbe(QdrantStore Store) : IDisposable
    {
        public void Dispose() => Store.Dispose();
    }
}
