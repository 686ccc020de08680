using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace DriftGuard.State.Databases;

/// <summary>A PostgreSQL database. What must not happen at the same time is held by advisory locks, which end with the transaction or the connection.</summary>
internal sealed class PostgresDatabase : StateDatabase
{
    // "DriftGrd" in ASCII: the key of the lock on the schema, apart from whatever else uses advisory locks in the database.
    private const long SchemaLock = 0x4472_6966_7447_7264;
    private const long TicksAtUnixEpoch = 621_355_968_000_000_000;

    private readonly NpgsqlConnectionStringBuilder connection;
    private readonly PooledDbContextFactory<PostgresStateContext> contexts;

    // What other processes call their connections, where this one calls its own otherwise.
    private readonly string? others;

    public PostgresDatabase(string connectionString, string? others = null)
    {
        this.others = others;
        try
        {
            connection = new(connectionString);
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            // Its message may repeat the string, and the string holds a password.
            throw new StateException("the connection to PostgreSQL is not written as Host=...;Database=...;Username=...;Password=...; check state.connection");
        }

        if (string.IsNullOrEmpty(connection.Host))
        {
            throw new StateException("the connection to PostgreSQL names no host, as in Host=...;Database=...;Username=...;Password=...; check state.connection");
        }

        connection.ApplicationName ??= "driftguard";
        Name = $"state database {connection.Database ?? connection.Username} on {connection.Host}:{connection.Port}";
        contexts = new(new DbContextOptionsBuilder<PostgresStateContext>().UseNpgsql(connection.ConnectionString).Options);
    }

    public override string Name { get; }

    public override string? SharedConnection => connection.ConnectionString;

    internal override async Task<StateContext> OpenContextAsync(CancellationToken cancellation) => await contexts.CreateDbContextAsync(cancellation);

    internal override async Task<IAsyncDisposable?> TryLockSchemaAsync(CancellationToken cancellation)
    {
        // A connection of its own that is closed in the end: a lock of the session must not go back into a pool.
        var session = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Pooling = false }.ConnectionString);
        try
        {
            await session.OpenAsync(cancellation);
            await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", session) { Parameters = { new() { Value = SchemaLock } } };
            if (await command.ExecuteScalarAsync(cancellation) is true)
            {
                return session;
            }
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }

        await session.DisposeAsync();
        return null;
    }

    internal override async Task<DateTimeOffset> NowAsync(StateContext context, TimeProvider time, CancellationToken cancellation) =>
        new((await context.Database.SqlQuery<long>($"""SELECT (extract(epoch FROM clock_timestamp()) * 10000000)::bigint AS "Value" """).ToListAsync(cancellation)).Single() + TicksAtUnixEpoch, TimeSpan.Zero);

    internal override Task HoldAsync(StateContext context, string name, bool shared, CancellationToken cancellation) => shared
        ? context.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock_shared(hashtextextended({name}, {SchemaLock}))", cancellation)
        : context.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({name}, {SchemaLock}))", cancellation);

    internal override async Task<long> NextOutboxSequenceAsync(StateContext context, CancellationToken cancellation) =>
        (await context.Database.SqlQuery<long>($"""SELECT nextval('"OutboxSequence"') AS "Value" """).ToListAsync(cancellation)).Single();

    internal override async Task<long> OutboxSequenceAsync(StateContext context, CancellationToken cancellation) =>
        (await context.Database.SqlQuery<long>($"""SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS "Value" FROM "OutboxSequence" """).ToListAsync(cancellation)).Single();

    internal override Task RaiseOutboxSequenceAsync(StateContext context, long above, CancellationToken cancellation) => above < 1
        ? Task.CompletedTask
        : context.Database.ExecuteSqlAsync($"""SELECT setval('"OutboxSequence"', GREATEST({above}, last_value)) FROM "OutboxSequence" """, cancellation);

    internal override async Task<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellation)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await using var command = connection.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction, "SET TRANSACTION READ ONLY");
        await command.ExecuteNonQueryAsync(cancellation);
        return transaction;
    }

    internal override async Task<ExclusiveUse> UseAloneAsync(CancellationToken cancellation) =>
        await ExclusivePostgres.OpenAsync(connection.ConnectionString, Name, others ?? connection.ApplicationName!, cancellation);

    internal override StateDatabase ForRestoring() => new PostgresDatabase(new NpgsqlConnectionStringBuilder(connection.ConnectionString)
    {
        ApplicationName = $"{ExclusivePostgres.Restoring}{Guid.NewGuid():N}",
        Pooling = false,
    }.ConnectionString, connection.ApplicationName);

    internal override bool IsRepeatable(DbException error) =>
        error.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected;

    internal override string? Explain(DbException error) => error switch
    {
        PostgresException refused => Explain(refused),
        NpgsqlException { InnerException: TimeoutException } => "it did not answer in time; check its load, and the network between",
        NpgsqlException lost => $"it cannot be reached ({(lost.InnerException ?? lost).Message}); check that it runs, and host and port of state.connection",
        _ => null,
    };

    private static string Explain(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"it refuses the user ({error.MessageText}); check user and password of state.connection",
        PostgresErrorCodes.InvalidCatalogName => $"{error.MessageText}; create it, or check state.connection",
        PostgresErrorCodes.InsufficientPrivilege => $"{error.MessageText}; the user must own the database, or be granted all on its schema",
        PostgresErrorCodes.DiskFull => "the server's disk is full; free some space. Nothing was half written, the work goes on from here",
        PostgresErrorCodes.ReadOnlySqlTransaction => "it is read-only: a standby, or set so; name the primary in state.connection",
        PostgresErrorCodes.TooManyConnections => "it takes no more connections; raise its max_connections, or set Maximum Pool Size in state.connection",
        PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown =>
            $"it is starting or stopping ({error.MessageText}); wait, or check the server",
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected =>
            $"others kept writing at the same time ({error.MessageText}); nothing was written, try again",
        _ => error.MessageText,
    };
}
