using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

/// <remarks>
/// The outbox of dirty ids: an id is marked before its point is written to the serving collection, and its mark is cleared once the point
/// is known to be the same in the other one, unless it was marked again meanwhile. A crash in between leaves the mark. A write is under way
/// from its mark until it is said to be done, or until it cannot be applied any more.
/// </remarks>
public sealed partial class StateStore
{
    /// <summary>Sequences of the outbox that share a lease epoch: the lower half of a revision's, the upper half of its range being theirs.</summary>
    public const long SequencesAnEpoch = 1L << 31;

    // Ids of one index that share a lock while they are marked: few enough to take them all, enough for writers not to meet.
    private const uint LocksAnIndex = 64;

    /// <summary>Marks ids as dirty, unless writes to the index are held; from then on a write of them is under way.</summary>
    /// <param name="index">The index.</param>
    /// <param name="pointIds">The ids that are about to be written or deleted.</param>
    /// <param name="kind">What becomes of them. What is no <see cref="WriteKind.Put"/> is refused while any of them is being written, a third write while two are.</param>
    /// <param name="atMost">After this time the write cannot be applied any more, whatever became of its writer.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task<DirtyMark> MarkDirtyAsync(string index, IReadOnlyCollection<string> pointIds, WriteKind kind, TimeSpan atMost, CancellationToken cancellation) => TransactAsync(async context =>
    {
        await Database.HoldAsync(context, WritesOf(index), shared: true, cancellation);
        var now = await NowAsync(context, cancellation);
        if (await HoldOfAsync(context, index, now, cancellation) is { } hold)
        {
            return new DirtyMark(0, 0, hold);
        }

        // In one order, so that two that mark the same ids do not wait for each other.
        foreach (var shared in pointIds.Select(LockOf).Distinct().Order())
        {
            await Database.HoldAsync(context, $"mark:{shared}:{index}", shared: false, cancellation);
        }

        var underWay = context.OpenWrites.Where(w => w.Until > now);
        var marked = await context.DirtyIds.Where(d => d.Index == index && pointIds.Contains(d.PointId))
            .Select(d => new { d.PointId, d.Sequence, d.Before, Latest = underWay.Any(w => w.Sequence == d.Sequence), Earlier = underWay.Any(w => w.Sequence == d.Before) })
            .ToDictionaryAsync(d => d.PointId, StringComparer.Ordinal, cancellation);
        if (marked.Values.Any(d => kind == WriteKind.Put ? d.Latest && d.Earlier : d.Latest || d.Earlier))
        {
            return new DirtyMark { Busy = true };
        }

        var sequence = await Database.NextOutboxSequenceAsync(context, cancellation);
        foreach (var pointId in pointIds)
        {
            var before = marked.GetValueOrDefault(pointId) switch { { Latest: true } open => open.Sequence, { Earlier: true } open => open.Before, _ => null };
            await context.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "DirtyIds" ("Index", "PointId", "Sequence", "Before") VALUES ({index}, {pointId}, {sequence}, {before})
                ON CONFLICT ("Index", "PointId") DO UPDATE SET "Sequence" = excluded."Sequence", "Before" = excluded."Before"
                """,
                cancellation);
        }

        context.OpenWrites.Add(new() { Sequence = sequence, Index = index, Until = now + atMost });
        await context.SaveChangesAsync(cancellation);
        var latest = await context.Counters.Where(c => c.Name == LeaseCounter).Select(c => c.Value).SingleOrDefaultAsync(cancellation);
        return new DirtyMark(sequence, latest == 0 || sequence % SequencesAnEpoch == 0 ? await NextLeaseEpochAsync(context, cancellation) : latest, null);
    }, cancellation);

    /// <summary>Says that a write is done, so that nothing of it can be applied any more.</summary>
    /// <param name="index">The index.</param>
    /// <param name="sequence">The sequence of its mark.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <remarks>Where no rollout of the index is looked after there is no other collection that the ids could differ in: their marks go.</remarks>
    public Task EndWriteAsync(string index, long sequence, CancellationToken cancellation) => TransactAsync(async context =>
    {
        await Database.HoldAsync(context, WritesOf(index), shared: true, cancellation);
        await context.OpenWrites.Where(w => w.Sequence == sequence).ExecuteDeleteAsync(cancellation);
        if (!await IsLookedAfterAsync(context, index, cancellation))
        {
            await context.DirtyIds.Where(d => d.Index == index && (d.Sequence == sequence || d.Before == sequence) && !context.OpenWrites.Any(w => w.Sequence == d.Sequence || w.Sequence == d.Before))
                .ExecuteDeleteAsync(cancellation);
        }

        return 0;
    }, cancellation);

    /// <summary>What goes on with the writes to an index.</summary>
    public Task<WriteTraffic> WriteTrafficAsync(string index, CancellationToken cancellation) => RunAsync(async context =>
    {
        // The hold first: whatever is marked before it is seen then.
        var now = await NowAsync(context, cancellation);
        var hold = await HoldOfAsync(context, index, now, cancellation);
        return new WriteTraffic(hold, await context.OpenWrites.AnyAsync(w => w.Index == index && w.Until > now, cancellation));
    }, cancellation);

    /// <summary>The dirty ids of an index, those that were marked first first.</summary>
    /// <param name="index">The index.</param>
    /// <param name="after">Those after this one; null from the beginning.</param>
    /// <param name="limit">The most that are read.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task<IReadOnlyList<DirtyId>> DirtyAsync(string index, DirtyId? after, int limit, CancellationToken cancellation) => RunAsync<IReadOnlyList<DirtyId>>(async context =>
    {
        var dirty = context.DirtyIds.AsNoTracking().Where(d => d.Index == index);
        if (after is { PointId: var id, Sequence: var sequence })
        {
            dirty = dirty.Where(d => d.Sequence > sequence || (d.Sequence == sequence && d.PointId.CompareTo(id) > 0));
        }

        return await dirty.OrderBy(d => d.Sequence).ThenBy(d => d.PointId).Take(limit).Select(d => new DirtyId(d.PointId, d.Sequence)).ToListAsync(cancellation);
    }, cancellation);

    /// <summary>Which of some ids are dirty.</summary>
    public Task<IReadOnlyList<string>> DirtyAmongAsync(string index, IReadOnlyCollection<string> pointIds, CancellationToken cancellation) =>
        RunAsync<IReadOnlyList<string>>(async context =>
            await context.DirtyIds.AsNoTracking().Where(d => d.Index == index && pointIds.Contains(d.PointId)).Select(d => d.PointId).ToListAsync(cancellation), cancellation);

    /// <summary>The latest sequence of the outbox below which every write is done: what was marked up to there has been applied, or never will be.</summary>
    /// <returns>0 if there is none.</returns>
    public Task<long> DoneUpToAsync(string index, CancellationToken cancellation) => RunAsync(async context =>
    {
        // The marks first: what is marked later is not among them, and what was under way then and is not any more is done.
        var latest = await context.DirtyIds.Where(d => d.Index == index).MaxAsync(d => (long?)d.Sequence, cancellation) ?? 0;
        var now = await NowAsync(context, cancellation);
        var first = await context.OpenWrites.Where(w => w.Index == index && w.Until > now).MinAsync(w => (long?)w.Sequence, cancellation);
        return Math.Min(latest, first - 1 ?? latest);
    }, cancellation);

    /// <summary>How many ids of an index are dirty.</summary>
    public Task<long> CountDirtyAsync(string index, CancellationToken cancellation) =>
        RunAsync(context => context.DirtyIds.LongCountAsync(d => d.Index == index, cancellation), cancellation);

    /// <summary>Clears the marks of ids, unless they were marked again since: those points must be carried once more.</summary>
    /// <returns>How many were cleared.</returns>
    public Task<int> ClearDirtyAsync(string index, IReadOnlyCollection<DirtyId> points, CancellationToken cancellation) => TransactAsync(async context =>
    {
        var cleared = 0;
        foreach (var mark in points.GroupBy(point => point.Sequence, point => point.PointId))
        {
            var (sequence, ids) = (mark.Key, mark.ToList());
            cleared += await context.DirtyIds.Where(d => d.Index == index && d.Sequence == sequence && ids.Contains(d.PointId)).ExecuteDeleteAsync(cancellation);
        }

        return cleared;
    }, cancellation);

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

    /// <summary>What nobody waits for any more: writes that cannot be applied, and marks of an index of which no rollout is looked after.</summary>
    private async Task ForgetWritesAsync(StateContext context, string index, CancellationToken cancellation)
    {
        await Database.HoldAsync(context, WritesOf(index), shared: false, cancellation);
        var now = await NowAsync(context, cancellation);
        await context.OpenWrites.Where(w => w.Index == index && w.Until <= now).ExecuteDeleteAsync(cancellation);
        if (!await IsLookedAfterAsync(context, index, cancellation))
        {
            await context.DirtyIds.Where(d => d.Index == index && !context.OpenWrites.Any(w => w.Sequence == d.Sequence || w.Sequence == d.Before)).ExecuteDeleteAsync(cancellation);
        }
    }

    /// <summary>A rollout of the index is looked after, so that there is another collection, or may be.</summary>
    private static Task<bool> IsLookedAfterAsync(StateContext context, string index, CancellationToken cancellation) =>
        context.Rollouts.AnyAsync(r => r.Index == index && !r.Finished, cancellation);

    private static Task<WriteHold?> HoldOfAsync(StateContext context, string index, DateTimeOffset now, CancellationToken cancellation) =>
        context.WriteHolds.AsNoTracking().Where(h => h.Index == index && h.Until > now)
            .Select(h => new WriteHold(h.Index, h.Nonce, h.Until)).SingleOrDefaultAsync(cancellation);

    /// <summary>The lock that an id shares, the same in every process.</summary>
    private static uint LockOf(string pointId) => pointId.Aggregate(17u, static (hash, c) => unchecked((hash * 31) + c)) % LocksAnIndex;

    private static string WritesOf(string index) => $"writes:{index}";
}
