using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

/// <remarks>
/// The outbox of dirty ids: an id is marked before its point is written to the serving collection, and its mark is cleared once the point
/// has been carried to the other one, unless it was marked again meanwhile. A crash in between leaves the mark.
/// </remarks>
public sealed partial class StateStore
{
    /// <summary>Marks ids as dirty, unless writes to the index are held.</summary>
    /// <param name="index">The index.</param>
    /// <param name="pointIds">The ids that are about to be written or deleted.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task<DirtyMark> MarkDirtyAsync(string index, IReadOnlyCollection<string> pointIds, CancellationToken cancellation) => TransactAsync(async context =>
    {
        await Database.HoldAsync(context, WritesOf(index), shared: true, cancellation);
        if (await HoldOfAsync(context, index, cancellation) is { } hold)
        {
            return new DirtyMark(0, hold);
        }

        var sequence = await Database.NextOutboxSequenceAsync(context, cancellation);
        // In one order, so that two that mark the same ids do not wait for each other.
        foreach (var pointId in pointIds.Order(StringComparer.Ordinal))
        {
            await context.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "DirtyIds" ("Index", "PointId", "Sequence") VALUES ({index}, {pointId}, {sequence})
                ON CONFLICT ("Index", "PointId") DO UPDATE SET "Sequence" = excluded."Sequence"
                """,
                cancellation);
        }

        return new DirtyMark(sequence, null);
    }, cancellation);

    /// <summary>The dirty ids of an index, those that were marked first first.</summary>
    /// <param name="index">The index.</param>
    /// <param name="limit">The most that are read.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task<IReadOnlyList<DirtyId>> DirtyAsync(string index, int limit, CancellationToken cancellation) => RunAsync<IReadOnlyList<DirtyId>>(async context =>
        await context.DirtyIds.AsNoTracking().Where(d => d.Index == index).OrderBy(d => d.Sequence).ThenBy(d => d.PointId).Take(limit)
            .Select(d => new DirtyId(d.PointId, d.Sequence)).ToListAsync(cancellation), cancellation);

    /// <summary>How many ids of an index are dirty.</summary>
    public Task<long> CountDirtyAsync(string index, CancellationToken cancellation) =>
        RunAsync(context => context.DirtyIds.LongCountAsync(d => d.Index == index, cancellation), cancellation);

    /// <summary>Clears the mark of an id.</summary>
    /// <returns>False if it was marked again since: its point must be carried once more.</returns>
    public Task<bool> ClearDirtyAsync(string index, string pointId, long sequence, CancellationToken cancellation) => RunAsync(async context =>
        await context.DirtyIds.Where(d => d.Index == index && d.PointId == pointId && d.Sequence == sequence).ExecuteDeleteAsync(cancellation) == 1, cancellation);

    /// <summary>Holds writes to an index: from its return on nothing is marked any more, until it is released or its time is over.</summary>
    /// <param name="index">The index.</param>
    /// <param name="nonce">Who holds; the same nonce again sets a new end.</param>
    /// <param name="atMost">When it ends by itself, from now on.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The hold; null if another nonce holds them.</returns>
    public Task<WriteHold?> HoldWritesAsync(string index, string nonce, TimeSpan atMost, CancellationToken cancellation) => TransactAsync(async context =>
    {
        await Database.HoldAsync(context, WritesOf(index), shared: false, cancellation);
        var now = await NowAsync(context, cancellation);
        var until = now + atMost;
        var taken = await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "WriteHolds" ("Index", "Nonce", "Until") VALUES ({index}, {nonce}, {until.UtcTicks})
            ON CONFLICT ("Index") DO UPDATE SET "Nonce" = excluded."Nonce", "Until" = excluded."Until"
            WHERE "WriteHolds"."Nonce" = excluded."Nonce" OR "WriteHolds"."Until" <= {now.UtcTicks}
            """,
            cancellation);
        return taken == 1 ? new WriteHold(index, nonce, until) : null;
    }, cancellation);

    /// <summary>Ends a hold.</summary>
    /// <returns>False if this nonce did not hold writes, or not any more; then writes may have gone on before now.</returns>
    public Task<bool> ReleaseHoldAsync(string index, string nonce, CancellationToken cancellation) => RunAsync(async context =>
    {
        var now = await NowAsync(context, cancellation);
        var held = await context.WriteHolds.Where(h => h.Index == index && h.Nonce == nonce && h.Until > now).ExecuteDeleteAsync(cancellation);
        await context.WriteHolds.Where(h => h.Index == index && h.Nonce == nonce).ExecuteDeleteAsync(cancellation);
        return held == 1;
    }, cancellation);

    /// <summary>What holds writes to an index; null if nothing does.</summary>
    public Task<WriteHold?> WriteHoldAsync(string index, CancellationToken cancellation) => RunAsync(context => HoldOfAsync(context, index, cancellation), cancellation);

    private async Task<WriteHold?> HoldOfAsync(StateContext context, string index, CancellationToken cancellation)
    {
        var now = await NowAsync(context, cancellation);
        return await context.WriteHolds.AsNoTracking().Where(h => h.Index == index && h.Until > now)
            .Select(h => new WriteHold(h.Index, h.Nonce, h.Until)).SingleOrDefaultAsync(cancellation);
    }

    private static string WritesOf(string index) => $"writes:{index}";
}
