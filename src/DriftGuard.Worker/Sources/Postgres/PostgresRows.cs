using System.Runtime.CompilerServices;
using System.Text.Json;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Worker.Sources.Rows;
using Npgsql;

namespace DriftGuard.Worker.Sources.Postgres;

/// <summary>All columns of a table or view, row by row in the order of its ids, by keyset paging.</summary>
internal sealed class PostgresRows(NpgsqlDataSource data, string table, string idField, string? chunkField) : ICorpusRows
{
    private const int RowsAPage = 1_000;

    /// <inheritdoc/>
    public string InWords => $"table {table}";

    /// <inheritdoc/>
    public async IAsyncEnumerable<CorpusRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var reader = new PostgresReader(data, table);
        KeyColumn[] keys = await KeysAsync(reader, cancellation);
        var columns = string.Join(", ", keys.Select(key => key.Sql));
        var withoutId = await reader.ReadAsync(
            $"SELECT count(*) FROM {PostgresNames.Table(table)} WHERE {string.Join(" OR ", keys.Select(key => $"{key.Sql} IS NULL"))}", row => row.GetInt64(0), cancellation);
        if (withoutId[0] > 0)
        {
            yield return new(InWords, [], $"{withoutId[0]} rows have no {string.Join(" or no ", keys.Select(key => key.Name))}");
        }

        string[]? before = null;
        while (true)
        {
            var after = before is null ? "" : $"AND ({columns}) >= ({string.Join(", ", keys.Select((_, i) => $"${i + 1}"))})";
            var page = await reader.ReadAsync(
                $"SELECT {columns}, row_to_json(t)::text FROM {PostgresNames.Table(table)} AS t WHERE {string.Join(" AND ", keys.Select(key => $"{key.Sql} IS NOT NULL"))} {after} ORDER BY {columns} LIMIT {RowsAPage}",
                row => (Key: keys.Select((key, i) => key.Read(row, i)).ToArray(), Json: row.GetString(keys.Length)), cancellation,
                [.. keys.Select((key, i) => (key, i)).Where(_ => before is not null).Select(found => found.key.Parameter(before![found.i]))]);

            // The last row of the page before comes again, so that another one of the same id is not passed over where pages part.
            foreach (var (key, json) in page.Skip(page.Count > 0 && before is not null && page[0].Key.SequenceEqual(before, StringComparer.Ordinal) ? 1 : 0))
            {
                yield return Parse(key, json);
            }

            if (page.Count < RowsAPage)
            {
                yield break;
            }

            if (before is not null && page[^1].Key.SequenceEqual(before, StringComparer.Ordinal))
            {
                throw new OperatorException(OperatorError.Invalid, $"table '{table}' has {RowsAPage} rows or more of id {string.Join(", chunk ", before)}: give each row an id of its own");
            }

            before = page[^1].Key;
        }
    }

    private async Task<KeyColumn[]> KeysAsync(PostgresReader reader, CancellationToken cancellation)
    {
        string[] names = [.. new[] { idField, chunkField }.OfType<string>()];
        var types = await reader.TypesAsync(names, cancellation);
        return Array.ConvertAll(names, name => KeyColumn.Of(name, types[name]));
    }

    private CorpusRow Parse(string[] key, string json)
    {
        var place = $"{InWords}, row of {idField} {string.Join(", chunk ", key)}";
        using var row = JsonDocument.Parse(json);
        try
        {
            return new(place, PayloadJson.ToPayload(row.RootElement), null);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return new(place, [], $"not a usable row: {exception.Message}"); // A numeric of PostgreSQL has no end.
        }
    }
}
