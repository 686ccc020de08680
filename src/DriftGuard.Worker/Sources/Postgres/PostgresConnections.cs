using System.Collections.Concurrent;
using DriftGuard.Core.Indexes;
using DriftGuard.Worker.Configuration;
using Npgsql;

namespace DriftGuard.Worker.Sources.Postgres;

/// <summary>The databases that texts come from, one pool a connection string. The strings are secrets: the state never holds one.</summary>
internal sealed class PostgresConnections(DriftGuardOptions options) : IDisposable
{
    private readonly ConcurrentDictionary<string, NpgsqlDataSource> pools = new(StringComparer.Ordinal);

    /// <summary>The database of an index' source.</summary>
    /// <exception cref="OperatorException">No connection string is set, or it is none.</exception>
    public NpgsqlDataSource Of(string index, SourceDefinition source) => Open(StringOf(index, source), index);

    /// <summary>The database of a connection string.</summary>
    /// <exception cref="OperatorException">It is no connection string.</exception>
    public NpgsqlDataSource Open(string connection, string index)
    {
        try
        {
            return pools.GetOrAdd(connection, static text => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(text) { ApplicationName = "driftguard" }));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new OperatorException(OperatorError.Invalid, $"the connection string of index '{index}' is none: {exception.Message}. Expected one such as Host=db;Database=shop;Username=reader;Password=...");
        }
    }

    /// <summary>The connection string in a file, without white space around it.</summary>
    /// <exception cref="OperatorException">The file cannot be read.</exception>
    public static string ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(OperatorError.NotFound, $"the file with the source's connection string cannot be read: {exception.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var pool in pools.Values)
        {
            pool.Dispose();
        }
    }

    /// <summary>What the configuration says now goes before the file that was named when the index was made.</summary>
    private string StringOf(string index, SourceDefinition source)
    {
        var declared = options.Indexes.FirstOrDefault(other => other.Name == index)?.Source;
        return declared?.Connection
            ?? ((declared?.ConnectionFile ?? source.ConnectionFile) is { } file ? ReadFile(file) : null)
            ?? throw new OperatorException(OperatorError.Invalid,
                $"the texts of index '{index}' are in PostgreSQL, and no connection string is set: set indexes[].source.connectionFile (or connection) of '{index}' in the configuration");
    }
}
