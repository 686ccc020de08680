using DriftGuard.Core.Indexes;
using DriftGuard.Worker.Sources.Postgres;
using DriftGuard.Worker.Sources.Rows;

namespace DriftGuard.Worker.Indexes;

/// <summary>What is loaded into an index.</summary>
public sealed record CorpusRequest
{
    /// <summary>A file, JSON Lines or Parquet by its name; null for a table.</summary>
    public string? File { get; init; }

    /// <summary>A table or view of PostgreSQL; null for a file.</summary>
    public string? Table { get; init; }

    /// <summary>A file that holds the connection string; null for that of the index' source.</summary>
    public string? ConnectionFile { get; init; }

    /// <summary>Key or column of the document's id.</summary>
    public string IdField { get; init; } = "id";

    /// <summary>Key or column of the chunk, where rows are pieces of documents.</summary>
    public string? ChunkField { get; init; }
}

/// <summary>Finds the corpora that are loaded into indexes.</summary>
public sealed class CorpusReader
{
    private readonly PostgresConnections connections;

    internal CorpusReader(PostgresConnections connections) => this.connections = connections;

    /// <summary>The corpus of a request; its texts are those that the index' rollouts embed.</summary>
    /// <exception cref="OperatorException">It names neither a file nor a table, or both; or there is no connection string.</exception>
    public Corpus Of(IndexDefinition index, CorpusRequest request) => new(RowsOf(index, request), new(request.IdField, request.ChunkField), index.Text);

    private ICorpusRows RowsOf(IndexDefinition index, CorpusRequest request) => request switch
    {
        { File: { } file, Table: null } => CorpusFiles.Rows(file),
        { File: null, Table: { } table } => new PostgresRows(
            request.ConnectionFile is { } secret ? connections.Open(PostgresConnections.ReadFile(secret), index.Name) : connections.Of(index.Name, index.Source),
            table, request.IdField, request.ChunkField),
        _ => throw new OperatorException(OperatorError.Invalid, "name the corpus: either a file, or a table with --table"),
    };
}
