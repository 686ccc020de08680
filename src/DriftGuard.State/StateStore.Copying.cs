using DriftGuard.Core.Rollouts;
using DriftGuard.State.Rows;
using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

public sealed partial class StateStore
{
    /// <summary>Persists the partitions of a rollout, once: if there are some already, nothing changes and those are returned.</summary>
    public Task<IReadOnlyList<Partition>> AddPartitionsAsync(string rolloutId, IReadOnlyList<Partition> partitions, CancellationToken cancellation) =>
        TransactAsync<IReadOnlyList<Partition>>(async context =>
        {
            await Database.HoldAsync(context, OfRollout(rolloutId), shared: false, cancellation);
            if (!await context.Partitions.AnyAsync(p => p.RolloutId == rolloutId, cancellation))
            {
                context.Partitions.AddRange(partitions.Select(p => new PartitionRow
                {
                    RolloutId = p.RolloutId,
                    Ordinal = p.Ordinal,
                    Start = p.Start,
                    End = p.End,
                    Cursor = p.Cursor,
                    Attempt = p.Attempt,
                    Copied = p.Copied,
                    Truncated = p.Truncated,
                    Done = p.Done,
                    Tokens = p.Tokens,
                    Proof = p.Proof,
                    Owner = p.Owner,
                }));
                await context.SaveChangesAsync(cancellation);
            }

            var all = await ReadPartitions(context, rolloutId).ToListAsync(cancellation);
            return all;
        }, cancellation);

    /// <summary>The partitions of a rollout in id order.</summary>
    public Task<IReadOnlyList<Partition>> PartitionsAsync(string rolloutId, CancellationToken cancellation) =>
        RunAsync<IReadOnlyList<Partition>>(async context => await ReadPartitions(context, rolloutId).ToListAsync(cancellation), cancellation);

    /// <summary>What the partitions of a rollout come to, added up in the database: it is asked for several times a second, and there may be very many.</summary>
    public Task<PartitionTotals> PartitionTotalsAsync(string rolloutId, CancellationToken cancellation) => RunAsync(async context =>
        await context.Partitions.Where(p => p.RolloutId == rolloutId).GroupBy(p => p.RolloutId)
            .Select(all => new PartitionTotals(all.Count(p => p.Done), all.Sum(p => p.Copied), all.Sum(p => p.Tokens)))
            .SingleOrDefaultAsync(cancellation) ?? PartitionTotals.None, cancellation);

    /// <summary>How many partitions of a rollout stand where, counted in the database.</summary>
    public Task<PartitionStates> PartitionStatesAsync(string rolloutId, CancellationToken cancellation) => RunAsync(async context =>
        await context.Partitions.Where(p => p.RolloutId == rolloutId).GroupBy(p => p.RolloutId)
            .Select(all => new PartitionStates(
                all.Count(p => p.Done), all.Count(p => !p.Done && p.Failure != null), all.Count(p => !p.Done && p.Failure == null && p.Attempt > 0),
                all.Count(p => !p.Done && p.Failure == null && p.Attempt == 0)))
            .SingleOrDefaultAsync(cancellation) ?? PartitionStates.None, cancellation);

    /// <summary>The first partitions of a rollout that are not copied to their end; without those whose failure has not been told yet.</summary>
    public Task<IReadOnlyList<Partition>> UnfinishedPartitionsAsync(string rolloutId, int atMost, CancellationToken cancellation) => RunAsync<IReadOnlyList<Partition>>(
        async context => await ReadPartitions(context.Partitions.Where(p => p.RolloutId == rolloutId && !p.Done && p.Failure == null)).Take(atMost).ToListAsync(cancellation),
        cancellation);

    /// <summary>Takes a partition for a new attempt; from then on an earlier attempt cannot move its cursor.</summary>
    public Task<Partition> ClaimPartitionAsync(string rolloutId, int ordinal, CancellationToken cancellation) => TransactAsync(async context =>
    {
        await context.Partitions.Where(p => p.RolloutId == rolloutId && p.Ordinal == ordinal)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.Attempt, p => p.Attempt + 1).SetProperty(p => p.Owner, Instance), cancellation);
        var claimed = await ReadPartitions(context, rolloutId, ordinal).SingleAsync(cancellation);
        return claimed;
    }, cancellation);

    /// <summary>Moves the cursor of a partition after its points were acknowledged.</summary>
    /// <returns>False if another attempt has taken the partition: the caller must stop.</returns>
    public Task<bool> AdvancePartitionAsync(string rolloutId, int ordinal, int attempt, PartitionAdvance advance, CancellationToken cancellation) =>
        RunAsync(async context => await context.Partitions
            .Where(p => p.RolloutId == rolloutId && p.Ordinal == ordinal && p.Attempt == attempt)
            .ExecuteUpdateAsync(
                set => set.SetProperty(p => p.Cursor, advance.Cursor)
                    .SetProperty(p => p.Copied, p => p.Copied + advance.Copied)
                    .SetProperty(p => p.Truncated, p => p.Truncated + advance.Truncated)
                    .SetProperty(p => p.Tokens, p => p.Tokens + advance.Tokens)
                    .SetProperty(p => p.Done, advance.Done),
                cancellation) == 1, cancellation);

    /// <summary>Parks points whose text could not be embedded; a point parked before counts its tries further.</summary>
    public Task ParkAsync(string rolloutId, IReadOnlyList<UnembeddedText> points, CancellationToken cancellation) => TransactAsync(async context =>
    {
        var now = time.GetUtcNow();
        // In one order, so that two that park the same points do not wait for each other.
        foreach (var (pointId, reason, tries) in points.OrderBy(p => p.PointId, StringComparer.Ordinal))
        {
            await context.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "Parked" ("RolloutId", "PointId", "Reason", "At", "Attempts") VALUES ({rolloutId}, {pointId}, {reason}, {now.UtcTicks}, {tries})
                ON CONFLICT ("RolloutId", "PointId") DO UPDATE SET
                    "Reason" = excluded."Reason", "At" = excluded."At", "Attempts" = "Parked"."Attempts" + excluded."Attempts"
                """,
                cancellation);
        }

        return points.Count;
    }, cancellation);

    /// <summary>Takes points off the list of parked ones: they were embedded after all, or are gone.</summary>
    public Task UnparkAsync(string rolloutId, IReadOnlyCollection<string> pointIds, CancellationToken cancellation) => RunAsync(async context =>
        await context.Parked.Where(p => p.RolloutId == rolloutId && pointIds.Contains(p.PointId)).ExecuteDeleteAsync(cancellation), cancellation);

    /// <summary>How many points of a rollout are parked.</summary>
    public Task<int> CountParkedAsync(string rolloutId, CancellationToken cancellation) =>
        RunAsync(context => context.Parked.CountAsync(p => p.RolloutId == rolloutId, cancellation), cancellation);

    /// <summary>The parked points of a rollout by their ids.</summary>
    public Task<IReadOnlyList<ParkedText>> ParkedAsync(string rolloutId, CancellationToken cancellation) =>
        RunAsync<IReadOnlyList<ParkedText>>(async context => await context.Parked.AsNoTracking()
            .Where(p => p.RolloutId == rolloutId).OrderBy(p => p.PointId)
            .Select(p => new ParkedText(p.RolloutId, p.PointId, p.Reason, p.At, p.Attempts))
            .ToListAsync(cancellation), cancellation);

    private static IQueryable<Partition> ReadPartitions(StateContext context, string rolloutId, int? ordinal = null) =>
        ReadPartitions(context.Partitions.Where(p => p.RolloutId == rolloutId && (ordinal == null || p.Ordinal == ordinal)));

    private static IQueryable<Partition> ReadPartitions(IQueryable<PartitionRow> rows) => rows.AsNoTracking().OrderBy(p => p.Ordinal)
        .Select(p => new Partition(p.RolloutId, p.Ordinal, p.Start, p.End, p.Cursor, p.Attempt, p.Copied, p.Truncated, p.Done, p.Tokens, p.Proof, p.Owner, p.Failure));
}
