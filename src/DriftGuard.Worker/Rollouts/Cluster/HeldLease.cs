using DriftGuard.State;

namespace DriftGuard.Worker.Rollouts.Cluster;

/// <summary>A lease that this process holds and renews. Dispose it to give it back.</summary>
internal sealed class HeldLease : IAsyncDisposable
{
    private static readonly TimeSpan Renewal = RolloutLeases.Lifetime / 5;

    private readonly StateStore state;
    private readonly RolloutLease? lease;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource lost = new();
    private readonly CancellationTokenSource over = new();
    private readonly Task renewing;
    private long renewedAt;

    public HeldLease(StateStore state, RolloutLease? lease, TimeProvider time, long renewedAt)
    {
        (this.state, this.lease, this.time, this.renewedAt) = (state, lease, time, renewedAt);
        renewing = lease is null ? Task.CompletedTask : RenewAsync(lease);
    }

    /// <summary>Cancelled once another process has taken it, or may have: whoever holds it must stop.</summary>
    public CancellationToken Lost => lost.Token;

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await renewing;
        if (lease is not null && !lost.IsCancellationRequested)
        {
            try
            {
                await state.ReleaseRolloutLeaseAsync(lease, CancellationToken.None);
            }
            catch (StateException)
            {
                // It runs out by itself.
            }
        }

        lost.Dispose();
        over.Dispose();
    }

    private async Task RenewAsync(RolloutLease held)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Renewal, time, over.Token);
                if (!await TryRenewAsync(held))
                {
                    await lost.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // It is given back.
        }
    }

    private async Task<bool> TryRenewAsync(RolloutLease held)
    {
        var began = time.GetTimestamp();
        try
        {
            if (await state.RenewRolloutLeaseAsync(held, RolloutLeases.Lifetime, over.Token) is null)
            {
                return false;
            }

            renewedAt = began;
            return true;
        }
        catch (StateException)
        {
            // The database is away; the lease holds until its time is over, less the time that the next renewal would take.
            return time.GetElapsedTime(renewedAt) < RolloutLeases.Lifetime - Renewal;
        }
    }
}
