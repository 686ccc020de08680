using System.Data.Common;

namespace DriftGuard.State.Archives;

/// <summary>Inserts the rows of a backup into tables that are empty, some at a time.</summary>
internal static class ArchiveLoader
{
    // SQLite takes 32,766 parameters a statement, PostgreSQL 65,535.
    private const int MostParameters = 2_000;
    private const long MostBytes = 1 << 22;

    /// <summary>Inserts every row of every table.</summary>
    /// <exception cref="StateArchiveException">The backup is not what its digests say; the transaction is to be rolled back.</exception>
    public static async Task LoadAsync(ArchiveReader archive, DbTransaction transaction, CancellationToken cancellation)
    {
        foreach (var table in archive.Manifest.Tables)
        {
            await LoadAsync(archive, table, transaction, cancellation);
        }
    }

    private static async Task LoadAsync(ArchiveReader archive, ArchiveTable table, DbTransaction transaction, CancellationToken cancellation)
    {
        var most = Math.Max(1, MostParameters / table.Columns.Count);
        var (rows, bytes) = (new List<object?[]>(most), 0L);
        DbCommand? whole = null;
        try
        {
            await foreach (var row in archive.RowsAsync(table, cancellation))
            {
                rows.Add(row);
                bytes += row.Sum(value => value switch { string text => text.Length, byte[] binary => binary.Length, _ => sizeof(long) });
                if (rows.Count == most)
                {
                    await RunAsync(whole ??= Create(transaction, table, most), rows, cancellation);
                    (rows, bytes) = (new(most), 0);
                }
                else if (bytes >= MostBytes)
                {
                    await FlushAsync();
                }
            }

            await FlushAsync();
        }
        finally
        {
            if (whole is not null)
            {
                await whole.DisposeAsync();
            }
        }

        async Task FlushAsync()
        {
            if (rows.Count > 0)
            {
                await using var part = Create(transaction, table, rows.Count);
                await RunAsync(part, rows, cancellation);
                (rows, bytes) = ([], 0);
            }
        }
    }

    private static DbCommand Create(DbTransaction transaction, ArchiveTable table, int rows)
    {
        var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // names that the model, or an earlier one, has
        command.CommandText = StateTable.InsertSql(table.Name, table.Columns, rows);
#pragma warning restore CA2100
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < table.Columns.Count; column++)
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.DbType) = (StateTable.ParameterOf(row, column), ArchiveRows.TypeOf(table.Columns[column].Kind));
                command.Parameters.Add(parameter);
            }
        }

        return command;
    }

    private static async Task RunAsync(DbCommand command, List<object?[]> rows, CancellationToken cancellation)
    {
        var next = 0;
        foreach (var value in rows.SelectMany(row => row))
        {
            command.Parameters[next++].Value = value ?? DBNull.Value;
        }

        await command.ExecuteNonQueryAsync(cancellation);
    }
}
