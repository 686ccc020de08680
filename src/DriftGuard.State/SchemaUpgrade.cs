using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

/// <summary>
/// Brings a state file to the schema of this build. EF Core guards an upgrade by a row in the file, which a killed process leaves
/// behind and the next one then waits for without end. So the guard is a lock of the operating system on a file beside it, which ends
/// with the process however that ends; whoever holds it may remove such a row.
/// </summary>
internal static class SchemaUpgrade
{
    private static readonly TimeSpan LongestUpgrade = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(20);

    /// <summary>Upgrades the file if it needs it; one that is up to date is only read.</summary>
    /// <exception cref="StateException">A later version has written it, or another process upgrades it and does not finish.</exception>
    public static async Task RunAsync(StateContext context, string file, TimeProvider time, CancellationToken cancellation)
    {
        if (!await IsNeededAsync(context, file, cancellation))
        {
            return;
        }

        await using var held = await LockAsync(file, time, cancellation);
        if (await IsNeededAsync(context, file, cancellation))
        {
            await context.Database.ExecuteSqlRawAsync("""DROP TABLE IF EXISTS "__EFMigrationsLock" """, cancellation);
            await context.Database.MigrateAsync(cancellation);
        }
    }

    private static async Task<bool> IsNeededAsync(StateContext context, string file, CancellationToken cancellation)
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
                    $"state file {file}: a later version of DriftGuard has written it (schema {migration}); use that version, or restore the file from a backup made before it");
            }
        }

        return count < known.Count;
    }

    private static async Task<FileStream> LockAsync(string file, TimeProvider time, CancellationToken cancellation)
    {
        var (path, began) = ($"{file}.lock", time.GetTimestamp());
        while (true)
        {
            try
            {
                // It stays where it is: one that is deleted could be held twice, by its old and its new file.
                return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
            }
            catch (IOException) when (File.Exists(path) && time.GetElapsedTime(began) < LongestUpgrade)
            {
                await Task.Delay(BetweenTries, time, cancellation);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new StateException($"state file {file}: it cannot be upgraded, since {path} cannot be held: {error.Message} Stop other processes on this folder, or check its permissions", error);
            }
        }
    }
}
