using System.Globalization;
using DriftGuard.Core.Rollouts;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace DriftGuard.State;

/// <summary>
/// Durable state of an installation, in one SQLite file (WAL): indexes, rollouts with their requests, partitions, parked texts,
/// evaluations, as which models providers answered, what checks for drift compare with and found, and the audit log. Every method is one transaction; what it returned from survives the end of the process.
/// Several processes may have it open.
/// </summary>
public sealed partial class StateStore
{
    private readonly PooledDbContextFactory<StateContext> contexts;
    private readonly string file;
    private readonly TimeProvider time;

    private StateStore(PooledDbContextFactory<StateContext> contexts, string file, TimeProvider time)
    {
        this.contexts = contexts;
        this.file = file;
        this.time = time;
    }

    /// <summary>This process in the state, by a name that no other process has or had: machine, process id, and a random number.</summary>
    public string Instance { get; } = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}-{Random.Shared.Next():x8}");

    /// <summary>Opens the state in a file, creating or upgrading it where needed.</summary>
    /// <exception cref="StateException">The file cannot be opened, written or understood.</exception>
    public static async Task<StateStore> OpenAsync(string file, TimeProvider time, CancellationToken cancellation)
    {
        var connection = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 30 }.ToString();
        var options = new DbContextOptionsBuilder<StateContext>().UseSqlite(connection).Options;
        var store = new StateStore(new PooledDbContextFactory<StateContext>(options), file, time);
        await store.RunAsync(async context =>
        {
            await SchemaUpgrade.RunAsync(context, file, time, cancellation);
            await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancellation);
            return 0;
        }, cancellation);
        return store;
    }

    /// <summary>The audit log of an index, or of all, oldest first.</summary>
    public Task<IReadOnlyList<AuditEvent>> AuditAsync(string? index, CancellationToken cancellation) =>
        RunAsync<IReadOnlyList<AuditEvent>>(async context =>
            await context.Audit.AsNoTracking().Where(a => index == null || a.Index == index).OrderBy(a => a.Sequence)
                .Select(a => new AuditEvent(a.Sequence, a.At, a.Index, a.RolloutId, a.Event, a.Reason, a.Message))
                .ToListAsync(cancellation), cancellation);

    /// <summary>The version of the schema that the file has, as it sorts by time.</summary>
    public Task<string> SchemaVersionAsync(CancellationToken cancellation) =>
        RunAsync(async context => (await context.Database.GetAppliedMigrationsAsync(cancellation)).LastOrDefault() ?? "none", cancellation);

    private static void Append(StateContext context, DateTimeOffset at, string index, string? rolloutId, string what, string reason, string message) =>
        context.Audit.Add(new() { At = at, Index = index, RolloutId = rolloutId, Event = what, Reason = reason, Message = message });

    /// <summary>One transaction: everything that the work did in the database is there afterwards, or nothing.</summary>
    private async Task<T> RunAsync<T>(Func<StateContext, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            await using var context = await contexts.CreateDbContextAsync(cancellation);
            return await work(context);
        }
        catch (Exception exception) when (StateException.Explains(exception))
        {
            throw StateException.From(exception, file);
        }
    }
}
