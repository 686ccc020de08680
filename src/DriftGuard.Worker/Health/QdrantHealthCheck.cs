using DriftGuard.Qdrant;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DriftGuard.Worker.Health;

/// <summary>Ready means: Qdrant answers on gRPC, and it is one that the client lives with.</summary>
internal sealed class QdrantHealthCheck(QdrantStore qdrant) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var server = await qdrant.ServerAsync(cancellationToken);
            return server.IsSupported
                ? HealthCheckResult.Healthy($"Qdrant {server.VersionText} at {qdrant.Address.OriginalString}")
                : HealthCheckResult.Unhealthy($"Qdrant {server.VersionText} at {qdrant.Address.OriginalString} is older than {QdrantServer.Oldest}; upgrade it");
        }
        catch (QdrantException error)
        {
            // Without the exception: its message says what to do, and a probe fails every few seconds until somebody does.
            return HealthCheckResult.Unhealthy(error.Message);
        }
    }
}
