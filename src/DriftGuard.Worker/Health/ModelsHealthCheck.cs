using DriftGuard.Worker.Gateway;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DriftGuard.Worker.Health;

/// <summary>
/// Ready means: the models of the indexes are open. One that cannot be opened keeps nobody from being answered of other indexes, so it is told, and no more.
/// </summary>
internal sealed class ModelsHealthCheck(ModelWarmth models) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        !models.IsWarm ? HealthCheckResult.Unhealthy("the models of indexes are being opened")
        : models.Cold is { Count: > 0 } cold ? HealthCheckResult.Degraded($"some models cannot be opened: {string.Join("; ", cold)}")
        : HealthCheckResult.Healthy("the models of indexes are open"));
}
