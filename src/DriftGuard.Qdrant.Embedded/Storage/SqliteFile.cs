using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DriftGuard.Qdrant.Embedded.Storage;

/// <summary>When a commit is certain to survive a power cut.</summary>
internal enum SyncAt
{
    /// <summary>At the next checkpoint: for files that are written all the time.</summary>
    Checkpoints,

    /// <summary>At once: for files that are written rarely and that others are found by.</summary>
    Commits,
}

/// <summary>
/// One SQLite file with one connection, owned by this process. In WAL mode a commit reaches the operating system before it is acknowledged,
/// which a killed process cannot take back. Where the file is synced at checkpoints only, a power cut or a crash of the machine can lose
/// the last commits, but never corrupt the file (https://sqlite.org/pragma.html#pragma_synchronous).
/// </summary>
internal sealed class SqliteFile : IDisposable
{
    private const int PageBytes = 16 * 1024; // holds several points of a few hundred dimensions; small pages would leave half of each empty
    private const int CheckpointPages = 64 * 1024 * 1024 / PageBytes; // a checkpoint syncs; one each 64 MB of writes is rare enough
    private readonly SqliteConnection _connection;

    public SqliteFile(string path, SqliteOpenMode mode, SyncAt sync, int? maxPages)
    {
        Path = path;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        try
        {
            _connection.Open();
            Configure(sync, maxPages);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public string Path { get; }

    public sqlite3 Handle => _connection.Handle!;

    public void Execute(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        try
        {
            using var command = Command(sql, parameters);
            command.ExecuteNonQuery();
        }
        catch (SqliteException error)
        {
            throw StorageException.Of(error, Path);
        }
    }

    public void Query(string sql, Action<SqliteDataReader> onRow)
    {
        using var command = Command(sql, []);
        using var reader = command.ExecuteReader();
        while (reader.Read()) onRow(reader);
    }

    public Statement Prepare(string sql) => new(Handle, Path, sql);

    /// <summary>Runs the changes in one transaction: all of them are stored, or none.</summary>
    public void InTransaction(Action changes)
    {
        Execute("BEGIN IMMEDIATE");
        try
        {
            changes();
            Execute("COMMIT");
        }
        catch
        {
            // A full disk may have rolled back already; then there is nothing left to undo.
            if (raw.sqlite3_get_autocommit(Handle) == 0) Execute("ROLLBACK");
            throw;
        }
    }

    public void Dispose() => _connection.Dispose();

    private void Configure(SyncAt sync, int? maxPages)
    {
        Execute(string.Create(CultureInfo.InvariantCulture, $"""
            PRAGMA page_size = {PageBytes};
            PRAGMA locking_mode = EXCLUSIVE;
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = {(sync == SyncAt.Commits ? "FULL" : "NORMAL")};
            PRAGMA wal_autocheckpoint = {CheckpointPages};
            PRAGMA journal_size_limit = {CheckpointPages * PageBytes};
            """));
        if (maxPages is { } pages) Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {pages}"));
    }

    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        return command;
    }
}
