using System.Data.Common;

namespace DriftGuard.State;

/// <summary>The state store cannot be read or written; the message says where, why and what to do.</summary>
public sealed class StateException : Exception
{
    /// <summary>Creates one with a message for people.</summary>
    public StateException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>The database's own error behind an exception; null where it is not the database's.</summary>
    internal static DbException? Cause(Exception? exception) => exception switch
    {
        null or OperationCanceledException or StateException => null,
        DbException error => error,
        _ => Cause(exception.InnerException),
    };
}
