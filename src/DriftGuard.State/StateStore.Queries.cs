using DriftGuard.State.Rows;
using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

/// <remarks>
/// Queries are kept by bottom-k sampling (Cohen and Kaplan, "Summarizing data using bottom-k sketches", PODC 2007): of an index and a day
/// those with the smallest seeded hashes. Which are kept depends neither on the order in which they come, nor on how many processes bring
/// them, nor on how often.
/// </remarks>
public sealed partial class StateStore
{
    /// <summary>Offers queries to the reservoir of an index, and drops days that are too old.</summary>
    public Task<QueryIntake> AddQueriesAsync(
        string index, IReadOnlyList<QueryObservation> observations, ReservoirLimits limits, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.CapacityPerDay, 1, nameof(limits));
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.Days, 1, nameof(limits));
        var oldest = OldestDay(limits.Days);
        var days = observations.GroupBy(o => DateOnly.FromDateTime(o.At.UtcDateTime)).Where(d => d.Key >= oldest).ToList();
        return TransactAsync(async context =>
        {
            var kept = 0;
            foreach (var day in days)
            {
                kept += await AddDayAsync(context, index, day, limits, cancellation);
            }

            await context.QueryObservations.Where(q => q.Index == index && q.Day < oldest).ExecuteDeleteAsync(cancellation);
            await context.QueryDays.Where(d => d.Index == index && d.Day < oldest).ExecuteDeleteAsync(cancellation);
            return new QueryIntake(observations.Count, kept, observations.Count - days.Sum(d => d.Count()));
        }, cancellation);
    }

    /// <summary>
    /// The kept queries of an index that a model embedded, by day and then in the reservoir's order: the first few of a day are a random
    /// sample of it as well.
    /// </summary>
    /// <param name="index">The index.</param>
    /// <param name="fingerprint">The model's fingerprint; null for whichever.</param>
    /// <param name="from">The first day, in UTC.</param>
    /// <param name="to">The last day, inclusive.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task<IReadOnlyList<QueryObservation>> QueriesAsync(
        string index, string? fingerprint, DateOnly from, DateOnly to, CancellationToken cancellation) => RunAsync<IReadOnlyList<QueryObservation>>(async context =>
    {
        var rows = await context.QueryObservations.AsNoTracking()
            .Where(q => q.Index == index && (fingerprint == null || q.Fingerprint == fingerprint) && q.Day >= from && q.Day <= to)
            .OrderBy(q => q.Day).ThenBy(q => q.Priority).ThenBy(q => q.Key).ToListAsync(cancellation);
        return rows.ConvertAll(q => new QueryObservation
        {
            Key = q.Key,
            Fingerprint = q.Fingerprint,
            Session = q.Session,
            At = q.At,
            BestScore = q.BestScore,
            Language = q.Language,
            Text = q.Text,
            Vector = VectorBlob.Read(q.Vector),
        });
    }, cancellation);

    /// <summary>The days of an index that queries are kept of, oldest first.</summary>
    public Task<IReadOnlyList<QueryDay>> QueryDaysAsync(string index, CancellationToken cancellation) =>
        RunAsync<IReadOnlyList<QueryDay>>(async context => await context.QueryDays.AsNoTracking().Where(d => d.Index == index).OrderBy(d => d.Day)
            .Select(d => new QueryDay(
                d.Day,
                context.QueryObservations.Count(q => q.Index == d.Index && q.Day == d.Day),
                d.Seen,
                context.QueryObservations.Where(q => q.Index == d.Index && q.Day == d.Day).Average(q => q.BestScore)))
            .ToListAsync(cancellation), cancellation);

    /// <summary>Drops the queries of days that are too old, of every index.</summary>
    /// <param name="days">The days that are kept, today included, at least 1.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>How many queries were dropped.</returns>
    public Task<int> PruneQueriesAsync(int days, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        var oldest = OldestDay(days);
        return TransactAsync(async context =>
        {
            var dropped = await context.QueryObservations.Where(q => q.Day < oldest).ExecuteDeleteAsync(cancellation);
            await context.QueryDays.Where(d => d.Day < oldest).ExecuteDeleteAsync(cancellation);
            return dropped;
        }, cancellation);
    }

    private DateOnly OldestDay(int days) => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(1 - days);

    /// <returns>How many of the offered are in the reservoir afterwards; one that was offered twice counts twice.</returns>
    private static async Task<int> AddDayAsync(
        StateContext context, string index, IGrouping<DateOnly, QueryObservation> offered, ReservoirLimits limits, CancellationToken cancellation)
    {
        var day = offered.Key;
        // It holds the day until the transaction ends, so that another process adds to what this one leaves.
        await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "QueryDays" ("Index", "Day", "Seen") VALUES ({index}, {day}, {offered.LongCount()})
            ON CONFLICT ("Index", "Day") DO UPDATE SET "Seen" = "QueryDays"."Seen" + excluded."Seen"
            """,
            cancellation);

        var held = await context.QueryObservations.Where(q => q.Index == index && q.Day == day)
            .Select(q => new { q.Key, q.Priority }).ToDictionaryAsync(q => q.Key, q => q.Priority, StringComparer.Ordinal, cancellation);
        var added = offered.Where(o => !held.ContainsKey(o.Key)).DistinctBy(o => o.Key, StringComparer.Ordinal)
            .ToDictionary(o => o.Key, StringComparer.Ordinal);
        var places = held.Select(h => (h.Key, Priority: h.Value)).Concat(added.Keys.Select(key => (Key: key, Priority: QueryObservation.PriorityOf(limits.Seed, key))))
            .OrderBy(p => p.Priority).ThenBy(p => p.Key, StringComparer.Ordinal).ToList();
        var stay = places.Take(limits.CapacityPerDay).ToDictionary(p => p.Key, p => p.Priority, StringComparer.Ordinal);

        if (places.Count > limits.CapacityPerDay)
        {
            var (lastKey, last) = places[limits.CapacityPerDay - 1];
            await context.Database.ExecuteSqlAsync(
                $"""DELETE FROM "QueryObservations" WHERE "Index" = {index} AND "Day" = {day} AND ("Priority", "Key") > ({last}, {lastKey})""", cancellation);
        }

        context.QueryObservations.AddRange(added.Values.Where(o => stay.ContainsKey(o.Key)).Select(o => RowOf(index, day, stay[o.Key], o)));
        await context.SaveChangesAsync(cancellation);
        return offered.Count(o => stay.ContainsKey(o.Key));
    }

    private static QueryObservationRow RowOf(string index, DateOnly day, long priority, QueryObservation o) => new()
    {
        Index = index,
        Day = day,
        Key = o.Key,
        Priority = priority,
        Fingerprint = o.Fingerprint,
        Session = o.Session,
        At = o.At,
        BestScore = Number(o.BestScore),
        Language = o.Language,
        Text = o.Text,
        Vector = VectorBlob.Write(o.Vector),
    };
}
