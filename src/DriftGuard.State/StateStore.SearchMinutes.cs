using DriftGuard.Core.Rollouts;
using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

/// <summary>What one gateway counted of the searches that one collection answered in one minute.</summary>
/// <param name="Index">The index.</param>
/// <param name="Collection">The collection that served it.</param>
/// <param name="Minute">When the minute began.</param>
/// <param name="Figures">The counts.</param>
public sealed record SearchMinute(string Index, string Collection, DateTimeOffset Minute, SearchFigures Figures);

public sealed partial class StateStore
{
    /// <summary>Keeps what this process has counted; a minute that it kept before is replaced.</summary>
    public Task KeepSearchMinutesAsync(IReadOnlyCollection<SearchMinute> minutes, CancellationToken cancellation) => TransactAsync(async context =>
    {
        foreach (var minute in minutes)
        {
            await context.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "SearchMinutes" ("Index", "Collection", "Minute", "Gateway", "Json")
                VALUES ({minute.Index}, {minute.Collection}, {minute.Minute.UtcTicks}, {Instance}, {StateJson.Write(minute.Figures)})
                ON CONFLICT ("Index", "Collection", "Minute", "Gateway") DO UPDATE SET "Json" = excluded."Json"
                """,
                cancellation);
        }

        return 0;
    }, cancellation);

    /// <summary>What all gateways counted of a collection, latest minute first.</summary>
    /// <param name="index">The index.</param>
    /// <param name="collection">The collection.</param>
    /// <param name="from">Minutes that began then or later.</param>
    /// <param name="until">Minutes that began before then.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task<IReadOnlyList<SearchMinute>> SearchMinutesAsync(
        string index, string collection, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation) => RunAsync<IReadOnlyList<SearchMinute>>(async context =>
    {
        var rows = await context.SearchMinutes.AsNoTracking()
            .Where(m => m.Index == index && m.Collection == collection && m.Minute >= from && m.Minute < until).ToListAsync(cancellation);
        return [.. rows.GroupBy(m => m.Minute).OrderByDescending(m => m.Key)
            .Select(m => new SearchMinute(index, collection, m.Key, SearchFigures.Sum(m.Select(row => StateJson.Read<SearchFigures>(row.Json)))))];
    }, cancellation);

    /// <summary>Drops what was counted before some time.</summary>
    public Task DropSearchMinutesAsync(DateTimeOffset before, CancellationToken cancellation) =>
        RunAsync(context => context.SearchMinutes.Where(m => m.Minute < before).ExecuteDeleteAsync(cancellation), cancellation);
}
