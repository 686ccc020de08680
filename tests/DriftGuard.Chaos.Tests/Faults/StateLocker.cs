using Microsoft.Data.Sqlite;

namespace DriftGuard.Chaos.Tests.Faults;

/// <summary>Somebody else who has the state's file open and locks everybody out for a while, again and again.</summary>
internal static class StateLocker
{
    private const int LongestHold = 2_500;
    private const int LongestPause = 1_500;

    /// <summary>Locks and lets go until it is cancelled.</summary>
    public static async Task RunAsync(string dataFolder, int seed, CancellationToken cancellation)
    {
        var random = new Random(seed);
        var source = new SqliteConnectionStringBuilder { DataSource = Path.Join(dataFolder, "state.db"), Pooling = false, DefaultTimeout = 60 };
        await using var connection = new SqliteConnection(source.ToString());
        await connection.OpenAsync(cancellation);
        while (true)
        {
            await ExecuteAsync("BEGIN EXCLUSIVE");
            await Task.Delay(random.Next(LongestHold), CancellationToken.None);
            await ExecuteAsync("ROLLBACK");
            await Task.Delay(random.Next(LongestPause), cancellation);
        }

        async Task ExecuteAsync(string sql)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}
