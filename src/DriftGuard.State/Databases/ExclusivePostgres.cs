using System.Data.Common;
using DriftGuard.State.Archives;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace DriftGuard.State.Databases;

/// <summary>
/// A PostgreSQL database that no other connection of DriftGuard has open. One that is opened afterwards waits at the tables, which are locked until the end of
/// the transaction.
/// </summary>
internal sealed class ExclusivePostgres : ExclusiveUse
{
    /// <summary>How connections that restore begin to call themselves.</summary>
    public const string Restoring = "driftguard restore ";

    // A process that has just ended may still be on the server's list.
    private const int Looks = 20;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly NpgsqlConnection connection;
    private readonly string name;
    private readonly string others;

    private ExclusivePostgres(StateContext context, NpgsqlConnection connection, string name, string others) : base(context) =>
        (this.connection, this.name, this.others) = (connection, name, others);

    /// <summary>Opens it.</summary>
    /// <param name="connectionString">By which this process calls itself as nobody else does.</param>
    /// <param name="name">What the database is called in messages.</param>
    /// <param name="others">What every other process of DriftGuard calls its connections.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async Task<ExclusivePostgres> OpenAsync(string connectionString, string name, string others, CancellationToken cancellation)
    {
        var opened = new NpgsqlConnection(connectionString);
        try
        {
            await opened.OpenAsync(cancellation);
            return new(new PostgresStateContext(new DbContextOptionsBuilder<PostgresStateContext>().UseNpgsql(opened).Options), opened, name, others);
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    public override async Task<DbTransaction> BeginAsync(IReadOnlyList<StateTable> tables, CancellationToken cancellation)
    {
        for (var look = 1; await OthersAsync(cancellation) is { Count: > 0 } found; look++)
        {
            if (look == Looks)
            {
                throw InUse(string.Join(", ", found));
            }

            await Task.Delay(BetweenLooks, cancellation);
        }

        var transaction = await connection.BeginTransactionAsync(cancellation);
        try
        {
            await RunAsync(transaction, $"SET LOCAL lock_timeout = '5s'; LOCK TABLE {Names(tables)} IN ACCESS EXCLUSIVE MODE", cancellation);
            return await OthersAsync(cancellation) is { Count: > 0 } late ? throw InUse(string.Join(", ", late)) : transaction;
        }
        catch (Exception error)
        {
            await transaction.DisposeAsync();
            throw error is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } ? InUse("a table is locked") : error;
        }
    }

    public override async Task EmptyAsync(DbTransaction transaction, IReadOnlyList<StateTable> tables, CancellationToken cancellation)
    {
        foreach (var table in tables)
        {
            await RunAsync(transaction, $"ALTER TABLE {StateTable.Quote(table.Name)} DISABLE TRIGGER USER", cancellation);
        }

        await RunAsync(transaction, $"TRUNCATE {Names(tables)} RESTART IDENTITY", cancellation);

        // Jobs that were scheduled for partitions of another state: whoever looks after a rollout schedules what it needs again.
        foreach (var table in await ReadAsync(
            transaction, "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() AND tablename IN ('qrtz_job_details', 'qrtz_fired_triggers')", cancellation))
        {
            await RunAsync(transaction, $"TRUNCATE {StateTable.Quote(table)} CASCADE", cancellation);
        }
    }

    public override async Task SettleAsync(DbTransaction transaction, IReadOnlyList<StateTable> tables, CancellationToken cancellation)
    {
        foreach (var table in tables)
        {
            await RunAsync(transaction, $"ALTER TABLE {StateTable.Quote(table.Name)} ENABLE TRIGGER USER", cancellation);
            if (table.Counted is { } column)
            {
                await RunAsync(
                    transaction,
                    $"SELECT setval(pg_get_serial_sequence('{StateTable.Quote(table.Name)}', '{column}'), max({StateTable.Quote(column)})) FROM {StateTable.Quote(table.Name)} HAVING count(*) > 0",
                    cancellation);
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await connection.DisposeAsync();
    }

    private StateConflictException InUse(string who) =>
        new($"{name}: other processes of DriftGuard use it ({who}); stop every 'driftguard serve' and command that uses it, then restore");

    private async Task<IReadOnlyList<string>> OthersAsync(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT format('%s from %s since %s', pid, coalesce(client_addr::text, 'this machine'), to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
            FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
                AND application_name <> current_setting('application_name') AND (application_name = $1 OR starts_with(application_name, $2))
            """, connection)
        {
            Parameters =
            {
                new() { Value = others },
                new() { Value = Restoring },
            },
        };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var found = new List<string>();
        while (await row.ReadAsync(cancellation))
        {
            found.Add(row.GetString(0));
        }

        return found;
    }

    private static string Names(IEnumerable<StateTable> tables) => string.Join(", ", tables.Select(table => StateTable.Quote(table.Name)));
}
