namespace DriftGuard.Core.Indexes;

/// <summary>Where the texts of an index come from.</summary>
public enum SourceKind
{
    /// <summary>From the payload of the collection that serves.</summary>
    Payload,

    /// <summary>From a file of JSON Lines.</summary>
    Jsonl,

    /// <summary>From a Parquet file.</summary>
    Parquet,

    /// <summary>From a table or view in PostgreSQL.</summary>
    Postgres,
}

/// <summary>
/// The source of an index' texts. Which points there are is decided by the collection that serves, always: a source outside of it gives the
/// text of each by its id. A secret is never part of it.
/// </summary>
public sealed record SourceDefinition
{
    /// <summary>The texts are in the payload.</summary>
    public static SourceDefinition OfPayload { get; } = new();

    /// <summary>The kind.</summary>
    public SourceKind Kind { get; init; } = SourceKind.Payload;

    /// <summary>The file of <see cref="SourceKind.Jsonl"/> and <see cref="SourceKind.Parquet"/>, as a full path.</summary>
    public string? Path { get; init; }

    /// <summary>The table or view of <see cref="SourceKind.Postgres"/>, with its schema where it has one.</summary>
    public string? Table { get; init; }

    /// <summary>A file that holds the connection string, such as a mounted secret; null where the configuration has it.</summary>
    public string? ConnectionFile { get; init; }

    /// <summary>The column or key of the document's id.</summary>
    public string IdField { get; init; } = "id";

    /// <summary>The column or key of a chunk's number or name, where the rows are pieces of documents; null where they are whole.</summary>
    public string? ChunkField { get; init; }

    /// <summary>The column, key or payload field that says when a row was last written; null where there is none.</summary>
    public string? UpdatedAt { get; init; }

    /// <summary>The column or key that says that a row is deleted, by being true or a time; null where rows are deleted for good.</summary>
    public string? Deleted { get; init; }

    /// <summary>The payload field that holds the id of <see cref="IdField"/> where that is a text, and so is not the point's id.</summary>
    public string? PayloadId { get; init; }
}
