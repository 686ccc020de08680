using DriftGuard.State;

namespace DriftGuard.Worker.Rollouts.Cluster;

/// <summary>
/// Who looks after what, where several processes share the state: each rollout, and the schedules, are one process' at a time. Where the
/// state is one process' own, the data folder's lock has settled it.
/// </summary>
internal sealed class RolloutLeases(StateStore state, TimeProvider time)
{
    /// <summary>How long what a process held that died, or lost the database, stays nobody's.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    /// <summary>Whether other processes may look after the same.</summary>
    public bool AreNeeded => state.Database.SharedConnection is not null;

    /// <summary>Takes a lease and renews it until it is disposed.</summary>
    /// <returns>The lease; null if another process has it.</returns>
    public async Task<HeldLease?> TryTakeAsync(string name, CancellationToken cancellation)
    {
        if (!AreNeeded)
        {
            return new(state, null, time, time.GetTimestamp());
        }

        var taken = time.GetTimestamp();
        return await state.TryTakeRolloutLeaseAsync(name, state.Instance, Lifetime, cancellation) is { } lease ? new(state, lease, time, taken) : null;
    }
}
