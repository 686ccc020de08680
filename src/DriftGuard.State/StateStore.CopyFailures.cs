using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

/// <remarks>Jobs run in one process and are looked after by another: what a job fails with is told through the state.</remarks>
public sealed partial class StateStore
{
    /// <summary>Writes down what a partition's job failed with.</summary>
    public Task SaveCopyFailureAsync(string rolloutId, int ordinal, string failure, CancellationToken cancellation) => RunAsync(context =>
        context.Partitions.Where(p => p.RolloutId == rolloutId && p.Ordinal == ordinal)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.Failure, failure), cancellation), cancellation);

    /// <summary>Takes note of what jobs of a rollout have failed with: each failure is returned once.</summary>
    public Task<IReadOnlyList<string>> TakeCopyFailuresAsync(string rolloutId, CancellationToken cancellation) => TransactAsync<IReadOnlyList<string>>(async context =>
    {
        await Database.HoldAsync(context, OfRollout(rolloutId), shared: false, cancellation);
        var failed = context.Partitions.Where(p => p.RolloutId == rolloutId && p.Failure != null);
        var failures = await failed.AsNoTracking().OrderBy(p => p.Ordinal).Select(p => p.Failure!).ToListAsync(cancellation);
        await failed.ExecuteUpdateAsync(set => set.SetProperty(p => p.Failure, (string?)null), cancellation);
        return failures;
    }, cancellation);
}
