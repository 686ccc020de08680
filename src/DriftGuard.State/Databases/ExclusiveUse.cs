using System.Data.Common;
using DriftGuard.State.Archives;

namespace DriftGuard.State.Databases;

/// <summary>A database that nobody else uses, for as long as its rows are exchanged. Dispose it to let others use it again.</summary>
/// <param name="context">On a connection of its own, which ends with it.</param>
internal abstract class ExclusiveUse(StateContext context) : IAsyncDisposable
{
    /// <summary>On its connection.</summary>
    public StateContext Context { get; } = context;

    /// <summary>Begins the one transaction; from then on nobody else reads or writes a table.</summary>
    /// <exception cref="StateConflictException">Others use the database.</exception>
    public abstract Task<DbTransaction> BeginAsync(IReadOnlyList<StateTable> tables, CancellationToken cancellation);

    /// <summary>Takes all rows out of the tables, also out of those that are append-only otherwise.</summary>
    public abstract Task EmptyAsync(DbTransaction transaction, IReadOnlyList<StateTable> tables, CancellationToken cancellation);

    /// <summary>After rows were inserted: numbers that the database gives count on above them, and what guards tables does so again.</summary>
    public abstract Task SettleAsync(DbTransaction transaction, IReadOnlyList<StateTable> tables, CancellationToken cancellation);

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync() => Context.DisposeAsync();

    /// <summary>Runs SQL of the database's own or the model's names.</summary>
    protected static async Task RunAsync(DbTransaction transaction, string sql, CancellationToken cancellation)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // no text of users
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Reads texts, a column of them or more a row.</summary>
    protected static async Task<IReadOnlyList<string>> ReadAsync(DbTransaction transaction, string sql, CancellationToken cancellation)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // no text of users
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var read = new List<string>();
        while (await row.ReadAsync(cancellation))
        {
            read.Add(row.GetString(0));
        }

        return read;
    }
}
