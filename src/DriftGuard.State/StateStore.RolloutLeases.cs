using System.Collections.Concurrent;
using DriftGuard.State.Rows;
using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

public sealed partial class StateStore
{
    // By rollout, the lease that this process last took: what it records of a rollout holds only as long as nobody has a later one.
    private readonly ConcurrentDictionary<string, long> epochs = new(StringComparer.Ordinal);

    /// <summary>Takes the lease of a rollout, if nobody else holds it. An owner who holds it keeps its epoch and gets more time.</summary>
    /// <param name="rolloutId">The rollout.</param>
    /// <param name="owner">Who takes it, by a name that no other process has or had.</param>
    /// <param name="ttl">For how long, from now on.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The lease; null if another holds it.</returns>
    public Task<RolloutLease?> TryTakeRolloutLeaseAsync(string rolloutId, string owner, TimeSpan ttl, CancellationToken cancellation) => TransactAsync<RolloutLease?>(async context =>
    {
        await Database.HoldAsync(context, OfRollout(rolloutId), shared: false, cancellation);
        var now = await NowAsync(context, cancellation);
        var until = now + ttl;
        // One statement: of two processes that take it at the same time, one gets it.
        var taken = await context.Database.SqlQuery<long>(
            $"""
            INSERT INTO "RolloutLeases" ("RolloutId", "Owner", "Epoch", "Until") VALUES ({rolloutId}, {owner}, 1, {until.UtcTicks})
            ON CONFLICT ("RolloutId") DO UPDATE SET
                "Epoch" = CASE WHEN "RolloutLeases"."Owner" = excluded."Owner" THEN "RolloutLeases"."Epoch" ELSE "RolloutLeases"."Epoch" + 1 END,
                "Owner" = excluded."Owner", "Until" = excluded."Until"
            WHERE "RolloutLeases"."Owner" = excluded."Owner" OR "RolloutLeases"."Until" <= {now.UtcTicks}
            RETURNING "Epoch" AS "Value"
            """).ToListAsync(cancellation);
        if (taken is not [var epoch])
        {
            return null;
        }

        epochs[rolloutId] = epoch;
        return new RolloutLease(rolloutId, owner, epoch, until);
    }, cancellation);

    /// <summary>Gives a lease more time.</summary>
    /// <param name="lease">The lease as it was taken or last renewed.</param>
    /// <param name="ttl">For how long, from now on.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The lease; null if another has taken it since, and the caller must stop. One that ran out and that nobody took goes on.</returns>
    public Task<RolloutLease?> RenewRolloutLeaseAsync(RolloutLease lease, TimeSpan ttl, CancellationToken cancellation) => RunAsync(async context =>
    {
        var until = await NowAsync(context, cancellation) + ttl;
        return await Held(context, lease).ExecuteUpdateAsync(set => set.SetProperty(l => l.Until, until), cancellation) == 1 ? lease with { Until = until } : null;
    }, cancellation);

    /// <summary>Gives a lease back, so that another may take it at once. One that another has taken already stays as it is.</summary>
    public Task ReleaseRolloutLeaseAsync(RolloutLease lease, CancellationToken cancellation) => RunAsync(
        // The row stays: epochs count up for ever.
        context => Held(context, lease).ExecuteUpdateAsync(set => set.SetProperty(l => l.Until, DateTimeOffset.UnixEpoch), cancellation), cancellation);

    /// <summary>The lease of a rollout as it is, or was if it has run out; null if nobody ever took it.</summary>
    public Task<RolloutLease?> FindRolloutLeaseAsync(string rolloutId, CancellationToken cancellation) => RunAsync(async context =>
        await context.RolloutLeases.AsNoTracking().Where(l => l.RolloutId == rolloutId)
            .Select(l => new RolloutLease(l.RolloutId, l.Owner, l.Epoch, l.Until)).SingleOrDefaultAsync(cancellation), cancellation);

    /// <summary>Held by whoever reads and then writes a rollout, so that it is neither changed nor taken in between.</summary>
    private static string OfRollout(string rolloutId) => $"rollout:{rolloutId}";

    private static IQueryable<RolloutLeaseRow> Held(StateContext context, RolloutLease lease) =>
        context.RolloutLeases.Where(l => l.RolloutId == lease.RolloutId && l.Owner == lease.Owner && l.Epoch == lease.Epoch);

    private static async Task RequireLeaseAsync(StateContext context, string rolloutId, long? epoch, CancellationToken cancellation)
    {
        if (epoch is { } held
            && await context.RolloutLeases.AsNoTracking().SingleOrDefaultAsync(l => l.RolloutId == rolloutId && l.Epoch > held, cancellation) is { } later)
        {
            throw new StateConflictException(
                $"rollout {rolloutId} is looked after by another process ({later.Owner}, lease {later.Epoch}) since lease {held}; what this one did last is not recorded, and that one goes on from there");
        }
    }

    private Task<DateTimeOffset> NowAsync(StateContext context, CancellationToken cancellation) => Database.NowAsync(context, time, cancellation);
}
