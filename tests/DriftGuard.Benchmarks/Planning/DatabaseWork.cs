using System.Runtime.InteropServices;
using Npgsql;

namespace DriftGuard.Benchmarks.Planning;

/// <summary>What a database has done so far, and its size.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="RowsWritten">Rows inserted, changed and deleted; 0 where it does not count.</param>
/// <param name="Transactions">Transactions that were committed; 0 where it does not count.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DatabaseWork(long Bytes, long RowsWritten, long Transactions)
{
    // Sessions tell their counts once in a while.
    private static readonly TimeSpan UntilCountsAreTold = TimeSpan.FromSeconds(2);

    public static DatabaseWork OfFile(string file) => new(new[] { file, $"{file}-wal" }.Where(File.Exists).Sum(part => new FileInfo(part).Length), 0, 0);

    public static async Task<DatabaseWork> OfPostgresAsync(string connection)
    {
        await Task.Delay(UntilCountsAreTold);
        await using var session = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ConnectionString);
        await session.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT pg_database_size(datname), tup_inserted + tup_updated + tup_deleted, xact_commit FROM pg_stat_database WHERE datname = current_database()", session);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
    }
}
