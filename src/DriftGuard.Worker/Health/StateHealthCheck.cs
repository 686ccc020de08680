using DriftGuard.State;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DriftGuard.Worker.Health;

/// <summary>Ready means: the state can be read. It has this version's schema, or a later one that a later process has brought it to, since it was opened.</summary>
internal sealed class StateHealthCheck(StateStore state) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return HealthCheckResult.Healthy($"{state.Database.Name}, schema {await state.SchemaVersionAsync(cancellationToken)}");
        }
        catch (StateException error)
        {
            return HealthCheckResult.Unhealthy(error.Message);
        }
    }
}
