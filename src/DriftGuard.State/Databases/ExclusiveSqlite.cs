using System.Data.Common;
using DriftGuard.State.Archives;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State.Databases;

/// <summary>
/// A SQLite file that no other connection has open: only then does it leave WAL, which it goes back to in the end. A process that is killed meanwhile leaves
/// a rollback journal, by which whoever opens the file next finds what was there before.
/// </summary>
internal sealed class ExclusiveSqlite : ExclusiveUse
{
    private const int Busy = 5;
    private const int Locked = 6;

    private readonly SqliteConnection connection;
    private IReadOnlyList<string> triggers = [];

    private ExclusiveSqlite(StateContext context, SqliteConnection connection) : base(context) => this.connection = connection;

    public static async Task<ExclusiveSqlite> OpenAsync(string file, CancellationToken cancellation)
    {
        var opened = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 2, Pooling = false }.ToString());
        try
        {
            await opened.OpenAsync(cancellation);
            await using var command = new SqliteCommand("PRAGMA journal_mode=DELETE", opened);
            await command.ExecuteScalarAsync(cancellation);
            return new(new(new DbContextOptionsBuilder<StateContext>().UseSqlite(opened).Options), opened);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is Busy or Locked)
        {
            await opened.DisposeAsync();
            throw new StateConflictException($"state file {file}: another process has it open; stop every 'driftguard serve' and command that uses it, then restore");
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    public override async Task<DbTransaction> BeginAsync(IReadOnlyList<StateTable> tables, CancellationToken cancellation)
    {
        // Whoever opens the file from now on can neither read nor write until the end.
        await using var command = new SqliteCommand("PRAGMA locking_mode=EXCLUSIVE", connection);
        await command.ExecuteScalarAsync(cancellation);
        return await connection.BeginTransactionAsync(cancellation);
    }

    public override async Task EmptyAsync(DbTransaction transaction, IReadOnlyList<StateTable> tables, CancellationToken cancellation)
    {
        triggers = await ReadAsync(transaction, "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND sql IS NOT NULL", cancellation);
        foreach (var name in await ReadAsync(transaction, "SELECT name FROM sqlite_master WHERE type = 'trigger'", cancellation))
        {
            await RunAsync(transaction, $"DROP TRIGGER {StateTable.Quote(name)}", cancellation);
        }

        foreach (var table in tables)
        {
            await RunAsync(transaction, $"DELETE FROM {StateTable.Quote(table.Name)}", cancellation);
        }
    }

    public override async Task SettleAsync(DbTransaction transaction, IReadOnlyList<StateTable> tables, CancellationToken cancellation)
    {
        foreach (var trigger in triggers)
        {
            await RunAsync(transaction, trigger, cancellation);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        try
        {
            await using var command = new SqliteCommand("PRAGMA locking_mode=NORMAL; PRAGMA journal_mode=WAL", connection);
            await command.ExecuteNonQueryAsync();
        }
        catch (SqliteException)
        {
            // Whoever opens it next sets it again.
        }

        await connection.DisposeAsync();
    }
}
