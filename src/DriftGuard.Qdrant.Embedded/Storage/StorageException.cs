using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DriftGuard.Qdrant.Embedded.Storage;

/// <summary>The disk or SQLite failed; what was being written is not stored, and memory is as it was.</summary>
internal sealed class StorageException : Exception
{
    public StorageException()
    {
    }

    public StorageException(string message) : base(message)
    {
    }

    public StorageException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>Whether the disk, or the file's allowance, is full: the one failure that the user can end while the server runs.</summary>
    public bool DiskFull { get; private init; }

    /// <summary>What SQLite said, for those who were not writing.</summary>
    public string? Detail { get; private init; }

    public static StorageException Of(int code, string detail, string file) =>
        new(Describe(code, detail, file)) { DiskFull = IsFull(code), Detail = detail };

    public static StorageException Of(SqliteException error, string file) =>
        new(Describe(error.SqliteErrorCode, error.Message, file), error) { DiskFull = IsFull(error.SqliteErrorCode), Detail = error.Message };

    private static bool IsFull(int code) => (code & 0xFF) == raw.SQLITE_FULL;

    private static string Describe(int code, string detail, string file) => IsFull(code)
        ? $"The disk of '{Path.GetDirectoryName(file)}' is full: nothing of the request was stored. Free space there; the server needs no restart."
        : $"Writing '{file}' failed: {detail} (SQLite error {code}). Nothing of the request was stored. Check the disk of '{Path.GetDirectoryName(file)}'.";
}
