using DriftGuard.Core.Indexes;
using DriftGuard.Worker.Sources.Rows;
using Microsoft.Data.Sqlite;

namespace DriftGuard.Worker.Sources.Files;

/// <summary>
/// Makes a spool: rows go into it in the file's order, then SQLite sorts them by id, on disk where they do not fit into its memory.
/// </summary>
internal sealed class SpoolWriter(IndexDefinition index)
{
    private const int ProblemsNamed = 20;

    private static readonly string[] Columns = ["$id", "$text", "$deleted", "$updated", "$place"];

    private readonly PayloadSource texts = new(index.Text);
    private readonly RowIds ids = new(index.Source.IdField, index.Source.ChunkField);
    private readonly List<string> problems = [];
    private long problemCount;

    /// <summary>Reads the whole file.</summary>
    /// <exception cref="OperatorException">A row cannot be used, or two have one id; the message lists which.</exception>
    public async Task WriteAsync(string spool, SpoolOrigin origin, CancellationToken cancellation)
    {
        await using var connection = Spool.Open(spool, SqliteOpenMode.ReadWriteCreate);
        Run(connection, """
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;
            CREATE TABLE rows (id BLOB NOT NULL, text TEXT, deleted INTEGER NOT NULL, updated INTEGER, place TEXT NOT NULL);
            """);
        await FillAsync(connection, cancellation);
        FindRepeated(connection);
        Require();
        Run(connection, """
            CREATE TABLE texts (id BLOB PRIMARY KEY, text TEXT, deleted INTEGER NOT NULL, updated INTEGER) WITHOUT ROWID;
            INSERT INTO texts SELECT id, text, deleted, updated FROM rows ORDER BY id;
            DROP TABLE rows;
            CREATE TABLE origin (reading TEXT NOT NULL, length INTEGER NOT NULL, written INTEGER NOT NULL, sha256 TEXT NOT NULL);
            """);
        Run(connection, "INSERT INTO origin VALUES ($reading, $length, $written, $sha256)",
            ("$reading", origin.Reading), ("$length", origin.Length), ("$written", origin.Written), ("$sha256", origin.Sha256));
    }

    private async Task FillAsync(SqliteConnection connection, CancellationToken cancellation)
    {
        await using var transaction = connection.BeginTransaction();
        await using var insert = connection.CreateCommand();
        insert.CommandText = $"INSERT INTO rows VALUES ({string.Join(", ", Columns)})";
        SqliteParameter[] values = [.. Columns.Select(name => insert.Parameters.AddWithValue(name, null))];
        await foreach (var row in CorpusFiles.Rows(index.Source.Path!, index.Source.Kind == SourceKind.Parquet).ReadAsync(cancellation))
        {
            if (Values(row) is { } found)
            {
                for (var i = 0; i < values.Length; i++)
                {
                    values[i].Value = found[i] ?? DBNull.Value;
                }

                insert.ExecuteNonQuery();
            }
        }

        await transaction.CommitAsync(cancellation);
    }

    private object?[]? Values(CorpusRow row)
    {
        var problem = row.Problem;
        if (problem is null && ids.TryGet(row.Fields, out var id, out problem))
        {
            try
            {
                var source = index.Source;
                return
                [
                    SpoolKey.Of(id), texts.TextOf(row.Fields).Text, source.Deleted is { } deleted && SourceTime.IsDeleted(row.Fields, deleted) ? 1 : 0,
                    source.UpdatedAt is { } updated ? SourceTime.Of(row.Fields, updated)?.UtcTicks : null, row.Place,
                ];
            }
            catch (FormatException exception)
            {
                problem = exception.Message;
            }
        }

        Add(row.Place, problem!);
        return null;
    }

    private void FindRepeated(SqliteConnection connection)
    {
        Run(connection, "CREATE INDEX by_id ON rows (id)");
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT min(rowid), max(rowid), count(*) FROM rows GROUP BY id HAVING count(*) > 1 ORDER BY 1";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            Add(PlaceOf(connection, reader.GetInt64(1)), $"document id repeats that of {PlaceOf(connection, reader.GetInt64(0))}");
        }
    }

    private static string PlaceOf(SqliteConnection connection, long row)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT place FROM rows WHERE rowid = $row";
        command.Parameters.AddWithValue("$row", row);
        return (string)command.ExecuteScalar()!;
    }

    private void Add(string place, string problem)
    {
        problemCount++;
        if (problems.Count < ProblemsNamed)
        {
            problems.Add($"{place}: {problem}");
        }
    }

    private void Require()
    {
        if (problemCount > 0)
        {
            var rest = problemCount - problems.Count;
            throw new OperatorException(OperatorError.Invalid,
                $"the source of index '{index.Name}' has {problemCount} problem(s), nothing was read from it:\n  {string.Join("\n  ", problems)}{(rest > 0 ? $"\n  and {rest} more" : "")}");
        }
    }

    private static void Run(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }
}
