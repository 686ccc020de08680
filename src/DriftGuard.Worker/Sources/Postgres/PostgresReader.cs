using Npgsql;

namespace DriftGuard.Worker.Sources.Postgres;

/// <summary>Reads pages of a table, each in a transaction of its own that cannot write and does not last.</summary>
/// <param name="data">The database.</param>
/// <param name="table">The table, for messages.</param>
internal sealed class PostgresReader(NpgsqlDataSource data, string table)
{
    /// <summary>What a page may take.</summary>
    public static readonly TimeSpan StatementTimeout = TimeSpan.FromSeconds(60);

    /// <summary>How much longer the client waits, so that the server says what took so long.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>All rows of a query.</summary>
    /// <exception cref="OperatorException">The database cannot be reached or refuses; the message says what to do.</exception>
    public async Task<IReadOnlyList<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        try
        {
            await using var connection = await data.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await using var batch = new NpgsqlBatch(connection, transaction) { Timeout = (int)(StatementTimeout + Grace).TotalSeconds };
            batch.BatchCommands.Add(new("SET TRANSACTION READ ONLY"));
            batch.BatchCommands.Add(new(FormattableString.Invariant($"SET LOCAL statement_timeout = {(int)StatementTimeout.TotalMilliseconds}")));

            // Times without a zone are taken for UTC, whatever the server is set to.
            batch.BatchCommands.Add(new("SET LOCAL TIME ZONE 'UTC'"));
            var query = new NpgsqlBatchCommand(sql);
            query.Parameters.AddRange(parameters);
            batch.BatchCommands.Add(query);
            var rows = new List<T>();
            await using (var reader = await batch.ExecuteReaderAsync(cancellation))
            {
                while (await reader.ReadAsync(cancellation))
                {
                    rows.Add(read(reader));
                }
            }

            await transaction.CommitAsync(cancellation);
            return rows;
        }
        catch (Exception exception) when (PostgresFailures.Is(exception))
        {
            throw PostgresFailures.Of(table, exception);
        }
    }

    /// <summary>The types of columns by their names.</summary>
    /// <exception cref="OperatorException">The table or a column is missing.</exception>
    public async Task<IReadOnlyDictionary<string, string>> TypesAsync(IReadOnlyCollection<string> columns, CancellationToken cancellation)
    {
        var types = await ReadAsync(
            $"SELECT {string.Join(", ", columns.Select(column => $"pg_typeof(t.{PostgresNames.Column(column)})::text"))} "
            + $"FROM (SELECT) AS one LEFT JOIN {PostgresNames.Table(table)} AS t ON false",
            reader => columns.Select((column, i) => (column, Type: reader.GetString(i))).ToDictionary(found => found.column, found => found.Type, StringComparer.Ordinal),
            cancellation);
        return types[0];
    }
}
