using Npgsql;

namespace DriftGuard.Worker.Sources.Postgres;

/// <summary>What failures of PostgreSQL mean to people. A connection string is never part of a message.</summary>
internal static class PostgresFailures
{
    /// <summary>Whether it is a failure of the database or of the way to it.</summary>
    public static bool Is(Exception exception) => exception is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException or InvalidCastException;

    /// <summary>The failure as a sentence that says what to do.</summary>
    /// <param name="table">The table that was read.</param>
    /// <param name="exception">What Npgsql said.</param>
    public static OperatorException Of(string table, Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName } => new(OperatorError.NotFound,
            $"there is no table or view '{table}' in the source's database; name it as it is spelt there, with its schema where that is not on the search path"),
        PostgresException { SqlState: PostgresErrorCodes.UndefinedColumn } missing => new(OperatorError.Invalid,
            $"table '{table}' of the source lacks a column: {missing.MessageText}. Name columns as they are spelt there"),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } denied => new(OperatorError.Refused,
            $"the source's database refuses to read '{table}': {denied.MessageText}. Grant SELECT on it to the user of the connection"),
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName } refused => new(OperatorError.Refused,
            $"the source's database refuses the connection: {refused.MessageText}. It is indexes[].source.connection or connectionFile of the configuration"),
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => new(OperatorError.Unavailable,
            $"reading '{table}' of the source took longer than {PostgresReader.StatementTimeout.TotalSeconds:0} s a page: an index on its id column, and on its column of changes, makes it quick"),
        PostgresException other => new(OperatorError.Unavailable, $"the source's table '{table}' cannot be read: {other.MessageText} (SQLSTATE {other.SqlState})"),
        InvalidCastException cast => new(OperatorError.Invalid, $"a value of the source's table '{table}' cannot be read: {cast.Message}"),
        _ => new(OperatorError.Unavailable, $"the source's database cannot be reached: {exception.Message}"),
    };
}
