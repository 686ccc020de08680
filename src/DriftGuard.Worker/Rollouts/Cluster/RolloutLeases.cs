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

    private static readonly TimeSpan LookForLease = TimeSpan.FromSeconds(5);

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

    /// <summary>Does what one process at a time does, for as long as this one has the lease; waits for it, and while the state cannot be reached.</summary>
    /// <param name="name">The lease.</param>
    /// <param name="work">The work; it is cancelled when the lease is lost.</param>
    /// <param name="unread">Is told why the state cannot be reached.</param>
    /// <param name="stopping">Ends it.</param>
    public async Task WhileHeldAsync(string name, Func<CancellationToken, Task> work, Action<StateException> unread, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await using var lease = await TryTakeAsync(name, stopping);
                if (lease is not null)
                {
                    using var held = CancellationTokenSource.CreateLinkedTokenSource(stopping, lease.Lost);
                    await work(held.Token);
                }
            }
            catch (StateException failure)
            {
                unread(failure);
            }
            catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
            {
                // Another process has it now.
            }

            await Task.Delay(LookForLease, time, stopping);
        }
    }
}
