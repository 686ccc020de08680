using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DriftGuard.Worker.Health;

/// <summary>Ready means: this process is not about to stop.</summary>
internal sealed class DrainingHealthCheck(Draining draining) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        draining.NoteAsked();
        return Task.FromResult(draining.Begun.IsCancellationRequested ? HealthCheckResult.Unhealthy("stopping: send requests elsewhere") : HealthCheckResult.Healthy("not stopping"));
    }
}
