using DriftGuard.Worker.Rollouts;
using Microsoft.Extensions.Hosting;

namespace DriftGuard.Worker.Hosting;

/// <summary>Stops copying when the host stops: Quartz waits for its jobs to end, and does not tell them to.</summary>
internal sealed class CopyJobsStop(ICopyJobs jobs) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => jobs.StopAllAsync(cancellationToken);
}
