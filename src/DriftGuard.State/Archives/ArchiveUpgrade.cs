using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DriftGuard.State.Archives;

/// <summary>
/// Brings a backup of an earlier schema to that of this build: it is loaded into a SQLite file that has the earlier schema, upgraded there as a state is that
/// an earlier version leaves, and written again.
/// </summary>
internal static class ArchiveUpgrade
{
    /// <summary>Writes the upgraded backup into a folder.</summary>
    /// <returns>It, open; the folder must outlive it.</returns>
    public static async Task<ArchiveReader> RunAsync(ArchiveReader earlier, string folder, TimeProvider time, CancellationToken cancellation)
    {
        var file = Path.Join(folder, "upgraded.db");
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        await connection.OpenAsync(cancellation);
        await using var context = new StateContext(new DbContextOptionsBuilder<StateContext>().UseSqlite(connection).Options);
        await context.GetService<IMigrator>().MigrateAsync(StateSchema.OnSqlite(earlier.Manifest.Schema), cancellation);
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await ArchiveLoader.LoadAsync(earlier, transaction, cancellation);
            await transaction.CommitAsync(cancellation);
        }
        catch (SqliteException error)
        {
            throw new StateArchiveException($"{earlier.File} does not fit the schema {earlier.Manifest.Schema} that it names: {error.Message}", error);
        }

        await context.Database.MigrateAsync(cancellation);
        var path = Path.Join(folder, "upgraded.zip");
        await using (var output = File.Create(path))
        {
            await StateBackup.WriteAsync(context, StateDatabase.Sqlite(file), output, time, cancellation);
        }

        return ArchiveReader.Open(path);
    }
}
