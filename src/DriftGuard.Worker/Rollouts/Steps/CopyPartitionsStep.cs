using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Rollouts.Copying.Pacing;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>Sees that a job runs for each unfinished partition, as many at a time as is allowed now, waits a little for them, and looks how it goes.</summary>
internal sealed class CopyPartitionsStep(QdrantStore qdrant, ICopyJobs jobs, CopyPaces paces, RolloutProgress progress, TimeProvider time) : IRolloutStep
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.CopyPartitions];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var (rollout, limits) = (seen.Rollout, seen.Requests.Limits.Over(seen.Rollout.Settings.Limits));
        var allowed = rollout with { Settings = rollout.Settings with { ConcurrentPartitions = limits.ConcurrentPartitions } };
        await jobs.EnsureRunningAsync(allowed, cancellation);
        await jobs.WaitAsync(rollout.Id, LookAgain, cancellation);

        var copying = rollout.Copying ?? new(await TotalAsync(rollout, cancellation), limits, null, []);
        copying = copying.Seen(new(time.GetUtcNow(), seen.PointsCopied), limits, paces.SlowdownOf(rollout.Id) is { Cause: not null } slow ? slow.Text : null);
        progress.Tell(rollout.Id, string.Join("; ", new[] { copying.Left?.Text, copying.Slowdown }.OfType<string>()));
        return copying == rollout.Copying ? rollout : rollout with { Copying = copying };
    }

    private async Task<long> TotalAsync(Rollout rollout, CancellationToken cancellation) =>
        (long)await qdrant.CountAsync(rollout.Blue, cancellationToken: cancellation);
}
