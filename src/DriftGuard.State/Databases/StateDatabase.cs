using System.Data.Common;
using DriftGuard.State.Databases;

namespace DriftGuard.State;

/// <summary>Where the state is kept: a SQLite file beside one process, or a PostgreSQL database that several machines share. It knows what they do differently.</summary>
public abstract class StateDatabase
{
    private protected StateDatabase()
    {
    }

    /// <summary>What messages call it; holds no secret.</summary>
    public abstract string Name { get; }

    /// <summary>How other parts reach the database that several processes share; null where one process has it for itself.</summary>
    public virtual string? SharedConnection => null;

    /// <summary>A SQLite file; it is made where it is missing.</summary>
    public static StateDatabase Sqlite(string file) => new SqliteDatabase(file);

    /// <summary>A PostgreSQL database, which must exist.</summary>
    /// <param name="connection">An Npgsql connection string, such as <c>Host=db;Database=driftguard;Username=driftguard;Password=...</c>.</param>
    /// <exception cref="StateException">It is no connection string, or names no host.</exception>
    public static StateDatabase Postgres(string connection) => new PostgresDatabase(connection);

    /// <summary>A new context on it, from a pool.</summary>
    internal abstract Task<StateContext> OpenContextAsync(CancellationToken cancellation);

    /// <summary>Takes the right to change the schema, which ends with the process however that ends; null while another has it.</summary>
    internal abstract Task<IAsyncDisposable?> TryLockSchemaAsync(CancellationToken cancellation);

    /// <summary>What is to be done before the schema is changed, by who has the right to.</summary>
    internal virtual Task BeforeUpgradeAsync(StateContext context, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>What is to be done whenever it is opened.</summary>
    internal virtual Task AfterUpgradeAsync(StateContext context, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>The time by which leases and holds run out: one clock for all processes.</summary>
    internal abstract Task<DateTimeOffset> NowAsync(StateContext context, TimeProvider time, CancellationToken cancellation);

    /// <summary>Waits until no other transaction holds a name, and holds it until this one ends.</summary>
    /// <param name="context">In a transaction.</param>
    /// <param name="name">The name.</param>
    /// <param name="shared">Others may hold it shared at the same time.</param>
    /// <param name="cancellation">Cancels.</param>
    internal abstract Task HoldAsync(StateContext context, string name, bool shared, CancellationToken cancellation);

    /// <summary>The next number of the outbox, higher than any that was given before.</summary>
    internal abstract Task<long> NextOutboxSequenceAsync(StateContext context, CancellationToken cancellation);

    /// <summary>The latest number of the outbox that was given; 0 before the first.</summary>
    internal abstract Task<long> OutboxSequenceAsync(StateContext context, CancellationToken cancellation);

    /// <summary>The next number of the outbox is above this one, whatever was given before.</summary>
    internal abstract Task RaiseOutboxSequenceAsync(StateContext context, long above, CancellationToken cancellation);

    /// <summary>Begins a transaction that sees one moment of the database, and holds nobody up.</summary>
    internal abstract Task<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellation);

    /// <summary>Uses it as the only one.</summary>
    /// <exception cref="StateConflictException">Others use it.</exception>
    internal abstract Task<ExclusiveUse> UseAloneAsync(CancellationToken cancellation);

    /// <summary>The same database by connections that are told apart from those of everybody else, and end when they are closed.</summary>
    internal virtual StateDatabase ForRestoring() => this;

    /// <summary>What went wrong and what to do, for people; null if the error is none of the database's.</summary>
    internal abstract string? Explain(DbException error);

    /// <summary>Whether the transaction was rolled back for the sake of others, and may be run again.</summary>
    internal virtual bool IsRepeatable(DbException error) => false;
}
