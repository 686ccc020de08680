using DriftGuard.Testing.Postgres;
using Microsoft.Data.Sqlite;

namespace DriftGuard.State.Tests;

/// <summary>SQL beside the store, in whichever database: what a person or another program could do.</summary>
internal static class Sql
{
    public static async Task ExecuteAsync(StateDatabase database, string sql)
    {
        if (database.SharedConnection is { } connection)
        {
            await PostgresServer.ExecuteAsync(connection, sql);
            return;
        }

        await using var file = new SqliteConnection($"Data Source={database.Name["state file ".Length..]}");
        await file.OpenAsync();
        await using var command = file.CreateCommand();
#pragma warning disable CA2100 // the tests' own text
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
