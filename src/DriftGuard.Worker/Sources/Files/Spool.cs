using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace DriftGuard.Worker.Sources.Files;

/// <summary>The texts of a file, sorted by point id: a SQLite file that is never changed once it is there.</summary>
/// <param name="path">The spool.</param>
/// <param name="origin">The file's state that it was made from.</param>
internal sealed class Spool(string path, SpoolOrigin origin)
{
    // SQLite takes 32,766 parameters a statement; pages are far smaller.
    private const int IdsAQuery = 1_000;

    /// <summary>The file's state that it was made from.</summary>
    public SpoolOrigin Origin => origin;

    /// <summary>The rows of a range of ids, in id order.</summary>
    public async IAsyncEnumerable<SourceRow> RangeAsync(PointId from, PointId? end, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var connection = Open(path);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT id, text, deleted FROM texts WHERE id >= $from {(end is null ? "" : "AND id < $end")} ORDER BY id";
        command.Parameters.AddWithValue("$from", SpoolKey.Of(from));
        if (end is { } to)
        {
            command.Parameters.AddWithValue("$end", SpoolKey.Of(to));
        }

        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            yield return Row(reader);
        }
    }

    /// <summary>The rows of these ids that are there.</summary>
    public async Task<IReadOnlyDictionary<PointId, SourceRow>> RowsAsync(IReadOnlyCollection<PointId> ids, CancellationToken cancellation)
    {
        var rows = new Dictionary<PointId, SourceRow>(ids.Count);
        await using var connection = Open(path);
        foreach (var chunk in ids.Chunk(IdsAQuery))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT id, text, deleted FROM texts WHERE id IN ({string.Join(", ", chunk.Select((_, i) => $"${i}"))})";
            for (var i = 0; i < chunk.Length; i++)
            {
                command.Parameters.AddWithValue($"${i}", SpoolKey.Of(chunk[i]));
            }

            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                var row = Row(reader);
                rows[row.Id] = row;
            }
        }

        return rows;
    }

    /// <summary>The ids of rows that were written at a time or later.</summary>
    public async IAsyncEnumerable<PointId> ChangedSinceAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var connection = Open(path);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM texts WHERE updated >= $since";
        command.Parameters.AddWithValue("$since", since.UtcTicks);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            yield return SpoolKey.Read((byte[])reader.GetValue(0));
        }
    }

    /// <summary>Not pooled: a spool that is replaced is to be gone.</summary>
    public static SqliteConnection Open(string path, SqliteOpenMode mode = SqliteOpenMode.ReadOnly)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch (SqliteException) when (mode == SqliteOpenMode.ReadOnly && !File.Exists(path))
        {
            connection.Dispose();
            throw new OperatorException(OperatorError.Unavailable, $"the file that {Path.GetFileName(path)} was made from has changed meanwhile: the step is tried again with the file as it is now");
        }
    }

    private static SourceRow Row(SqliteDataReader reader) =>
        new(SpoolKey.Read((byte[])reader.GetValue(0)), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetInt64(2) != 0);
}
