using DriftGuard.Core.Rollouts;
using Quartz;

namespace DriftGuard.Worker.Rollouts;

/// <summary>The copying of partitions as Quartz jobs, one a partition: in this process, or in all that share the state.</summary>
internal interface ICopyJobs
{
    /// <summary>Starts a job for each partition that is not copied and has none, as many at a time as the rollout allows.</summary>
    Task EnsureRunningAsync(Rollout rollout, CancellationToken cancellation);

    /// <summary>Waits for a time, or until somebody has to look: a job has failed, or none runs any more.</summary>
    /// <exception cref="Exception">What a job failed with since the last call; of several that failed together, one.</exception>
    Task WaitAsync(string rolloutId, TimeSpan atMost, CancellationToken cancellation);

    /// <summary>Stops a rollout's jobs, wherever they run, and waits until they have ended; each cursor stands at its last acknowledged batch.</summary>
    Task StopAsync(string rolloutId, CancellationToken cancellation);

    /// <summary>This process does not look after the rollout any more.</summary>
    Task LeaveAsync(string rolloutId);

    /// <summary>Stops the jobs that run in this process, of every rollout, and waits until they have ended.</summary>
    Task StopAllAsync(CancellationToken cancellation);

    /// <summary>Does a job's work.</summary>
    Task RunAsync(JobKey key, int ordinal, CancellationToken cancellation);
}
