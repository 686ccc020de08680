using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

/// <summary>The state store cannot be read or written; the message says where, why and what to do.</summary>
public sealed class StateException : Exception
{
    /// <summary>Creates one with a message for people.</summary>
    public StateException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    internal static bool Explains(Exception exception) => Cause(exception) is not null;

    internal static StateException From(Exception exception, string file) =>
        new($"state file {file}: {Explain(Cause(exception)!)}", exception);

    private static SqliteException? Cause(Exception exception) =>
        exception as SqliteException ?? (exception as DbUpdateException)?.InnerException as SqliteException;

    private static string Explain(SqliteException exception) => exception.SqliteErrorCode switch
    {
        5 or 6 => "another process holds it; stop that process or wait",
        8 => "it cannot be written; check the permissions of the file and its folder",
        10 => $"the disk reports an error ({exception.Message}); check the disk's health and free space",
        11 or 26 => "it is damaged or not a state file; restore it from a backup",
        13 => "the disk is full; free some space. Nothing was half written, the work goes on from here",
        14 => "it cannot be opened; check that the folder exists and may be written",
        _ => exception.Message,
    };
}
