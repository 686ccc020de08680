using DriftGuard.Core.Indexes;

namespace DriftGuard.Worker.Configuration;

/// <summary>Where the texts of an index come from. Which points there are is always decided by the collection that serves.</summary>
public sealed record IndexSourceOptions
{
    /// <summary>The payload of the points themselves, a file, or a table in PostgreSQL.</summary>
    public SourceKind Kind { get; init; } = SourceKind.Payload;

    /// <summary>The file of JSON Lines or Parquet, local or mounted.</summary>
    [PathSetting]
    public string? Path { get; init; }

    /// <summary>The table or view in PostgreSQL: <c>TABLE</c> or <c>SCHEMA.TABLE</c>.</summary>
    public string? Table { get; init; }

    /// <summary>The connection string of PostgreSQL. Prefer <see cref="ConnectionFile"/>.</summary>
    [SecretSetting]
    public string? Connection { get; init; }

    /// <summary>A file that holds the connection string, such as a mounted secret; white space around it is ignored.</summary>
    [PathSetting]
    public string? ConnectionFile { get; init; }

    /// <summary>The key or column of the document's id; <c>id</c> unless set.</summary>
    public string? IdField { get; init; }

    /// <summary>The key or column of the chunk, where rows are pieces of documents.</summary>
    public string? ChunkField { get; init; }

    /// <summary>The key, column or payload field that says when a row was last written.</summary>
    public string? UpdatedAt { get; init; }

    /// <summary>The key or column that says that a row is deleted: true, or a time.</summary>
    public string? Deleted { get; init; }

    /// <summary>The payload field with the id of a table whose ids are not the points'.</summary>
    public string? PayloadId { get; init; }

    internal SourceDefinition ToDefinition() => new()
    {
        Kind = Kind,
        Path = Path,
        Table = Table,
        ConnectionFile = ConnectionFile,
        IdField = IdField ?? SourceDefinition.OfPayload.IdField,
        ChunkField = ChunkField,
        UpdatedAt = UpdatedAt,
        Deleted = Deleted,
        PayloadId = PayloadId,
    };
}
