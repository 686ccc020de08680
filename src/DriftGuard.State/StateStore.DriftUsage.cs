using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

public sealed partial class StateStore
{
    /// <summary>Counts texts that checks had a provider embed.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="day">The day that they count for.</param>
    /// <param name="texts">How many, at least 0.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task AddDriftUsageAsync(string provider, DateOnly day, long texts, CancellationToken cancellation) =>
        TryTakeDriftBudgetAsync(provider, day, texts, long.MaxValue, cancellation);

    /// <summary>How many texts checks had a provider embed on a day.</summary>
    public Task<long> DriftUsageAsync(string provider, DateOnly day, CancellationToken cancellation) => RunAsync(context =>
        context.DriftUsage.Where(u => u.Provider == provider && u.Day == day).Select(u => u.Texts).SingleOrDefaultAsync(cancellation), cancellation);

    /// <summary>Counts texts that a check is about to have a provider embed, unless that goes beyond the limit of the day.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="day">The day that they count for.</param>
    /// <param name="texts">How many, at least 0.</param>
    /// <param name="limit">The most texts of the day, over all processes.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>False if it goes beyond the limit; nothing is counted then.</returns>
    public Task<bool> TryTakeDriftBudgetAsync(string provider, DateOnly day, long texts, long limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(texts);
        // One statement: two processes that take the last of it at the same time must not both get it. Subtracted, as a sum may overflow.
        return RunAsync(async context => await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "DriftUsage" ("Provider", "Day", "Texts") SELECT {provider}, {day}, {texts} WHERE {texts} <= {limit}
            ON CONFLICT ("Provider", "Day") DO UPDATE SET "Texts" = "DriftUsage"."Texts" + excluded."Texts" WHERE "DriftUsage"."Texts" <= {limit} - excluded."Texts"
            """,
            cancellation) == 1, cancellation);
    }

    /// <summary>Forgets what was used before a day.</summary>
    public Task PruneDriftUsageAsync(DateOnly before, CancellationToken cancellation) =>
        RunAsync(context => context.DriftUsage.Where(u => u.Day < before).ExecuteDeleteAsync(cancellation), cancellation);
}
