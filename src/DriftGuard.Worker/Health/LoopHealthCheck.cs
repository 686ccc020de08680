using DriftGuard.Worker.Loops;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DriftGuard.Worker.Health;

/// <summary>
/// Says which loops fail again and again. The process stays ready, since it answers all the same, and to send its work elsewhere would mend nothing: it is
/// degraded.
/// </summary>
internal sealed class LoopHealthCheck(LoopSupervisor loops) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var standings = loops.Standings.ToList();
        var failing = standings.Where(loop => loop.KeepsFailing).ToList();
        return Task.FromResult(failing.Count == 0
            ? HealthCheckResult.Healthy($"{standings.Count(loop => loop.Runs)} of {standings.Count} loops run")
            : HealthCheckResult.Degraded($"{string.Join("; ", failing.Select(loop => $"{loop.Name} has failed {loop.FailuresInARow} times in a row"))}: the log says why"));
    }
}
