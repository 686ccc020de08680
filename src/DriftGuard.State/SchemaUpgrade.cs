using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

/// <summary>Brings a database to the schema of this build. Of processes that start at the same time one does, and the others wait for it.</summary>
internal static class SchemaUpgrade
{
    private static readonly TimeSpan LongestUpgrade = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(20);

    /// <summary>Upgrades the database if it needs it; one that is up to date is only read.</summary>
    /// <exception cref="StateException">A later version has written it, or another process upgrades it and does not finish.</exception>
    public static async Task RunAsync(StateContext context, StateDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        if (!await IsNeededAsync(context, database, cancellation))
        {
            return;
        }

        await using var held = await LockAsync(database, time, cancellation);
        if (await IsNeededAsync(context, database, cancellation))
        {
            await database.BeforeUpgradeAsync(context, cancellation);
            await context.Database.MigrateAsync(cancellation);
        }
    }

    private static async Task<bool> IsNeededAsync(StateContext context, StateDatabase database, CancellationToken cancellation)
    {
        var known = context.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        var applied = await context.Database.GetAppliedMigrationsAsync(cancellation);
        var count = 0;
        foreach (var migration in applied)
        {
            count++;
            if (!known.Contains(migration))
            {
                throw new StateException(
                    $"{database.Name}: a later version of DriftGuard has written it (schema {migration}); use that version, or restore it from a backup made before it");
            }
        }

        return count < known.Count;
    }

    /// <summary>Takes the right to change the schema.</summary>
    /// <exception cref="StateException">Another process has it and does not finish.</exception>
    public static async Task<IAsyncDisposable> LockAsync(StateDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        for (var began = time.GetTimestamp(); ;)
        {
            if (await database.TryLockSchemaAsync(cancellation) is { } held)
            {
                return held;
            }

            if (time.GetElapsedTime(began) >= LongestUpgrade)
            {
                throw new StateException($"{database.Name}: another process upgrades it and does not finish; stop that process, or wait and start again");
            }

            await Task.Delay(BetweenTries, time, cancellation);
        }
    }
}
