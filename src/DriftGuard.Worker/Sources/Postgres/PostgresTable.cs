using DriftGuard.Core.Indexes;
using Npgsql;

namespace DriftGuard.Worker.Sources.Postgres;

/// <summary>The columns of a table that texts are read from, and the SQL for them.</summary>
internal sealed class PostgresTable
{
    private readonly SourceDefinition source;
    private readonly TextTemplate template;
    private readonly string deleted;

    private PostgresTable(IndexDefinition index, IReadOnlyDictionary<string, string> types)
    {
        (source, template) = (index.Source, index.Text);
        Id = KeyColumn.Of(source.IdField, types[source.IdField]);
        Chunk = source.ChunkField is { } chunk ? KeyColumn.Of(chunk, types[chunk]) : null;
        deleted = source.Deleted is not { } column ? "false"
            : types[column] == "boolean" ? $"coalesce({PostgresNames.Column(column)}, false)"
            : $"{PostgresNames.Column(column)} IS NOT NULL";
    }

    /// <summary>The column of the document's id.</summary>
    public KeyColumn Id { get; }

    /// <summary>The column of the chunk; null where rows are whole documents.</summary>
    public KeyColumn? Chunk { get; }

    /// <summary>Whether rows sort as points do, so that both can be walked side by side.</summary>
    public bool IsOrdered => Chunk is null && Id.Kind != KeyKind.Text && source.PayloadId is null;

    /// <summary>The table, quoted.</summary>
    public string Sql => PostgresNames.Table(source.Table!);

    /// <summary>What is selected of a row: id, chunk, whether it is deleted, and the fields of the text.</summary>
    public string Selected =>
        $"{Id.Sql}, {Chunk?.Sql ?? "NULL"}, {deleted}, {string.Join(", ", template.Fields.Select(column => $"{PostgresNames.Column(column)}::text"))}";

    /// <summary>Looks at the table.</summary>
    /// <exception cref="OperatorException">It or a column is missing, or a column is of a type that cannot be used.</exception>
    public static async Task<PostgresTable> OpenAsync(IndexDefinition index, PostgresReader reader, CancellationToken cancellation)
    {
        var declared = index.Source;
        string?[] named = [declared.IdField, declared.ChunkField, declared.Deleted, declared.UpdatedAt, .. index.Text.Fields];
        var types = await reader.TypesAsync([.. named.OfType<string>().Distinct(StringComparer.Ordinal)], cancellation);
        if (index.Text.Fields.FirstOrDefault(field => types[field] == "bytea") is { } bytes)
        {
            throw new OperatorException(OperatorError.Invalid, $"column '{bytes}' of table '{declared.Table}' holds bytes, not text: name a column of text");
        }

        if (declared.UpdatedAt is { } updated && !(types[updated].StartsWith("timestamp", StringComparison.Ordinal) || types[updated] == "date"))
        {
            throw new OperatorException(OperatorError.Invalid, $"column '{updated}' of table '{declared.Table}' is of type {types[updated]}: what says when a row was written is a timestamp or a date");
        }

        return new(index, types);
    }

    /// <summary>The id of the selected row's document, its chunk where it is one, and what it says of the text.</summary>
    public (string Key, string? Chunk, bool Deleted, string? Text) Read(NpgsqlDataReader reader)
    {
        const int FirstField = 3;
        var values = template.Fields.Select((field, i) => (field, Value: reader.IsDBNull(FirstField + i) ? null : reader.GetString(FirstField + i)))
            .ToDictionary(found => found.field, found => found.Value, StringComparer.Ordinal);
        return (Id.Read(reader, 0), Chunk is null || reader.IsDBNull(1) ? null : Chunk.Read(reader, 1), reader.GetBoolean(2), template.Render(field => values[field]));
    }

    /// <summary>The point that a key names; null for a number that no point can have.</summary>
    public static PointId? PointOf(string key, string? chunk) =>
        chunk is not null ? PointId.FromChunk(key, chunk) : key.StartsWith('-') || key.Length == 0 ? null : PointId.FromText(key);
}
