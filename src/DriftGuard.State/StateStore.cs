using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

/// <summary>
/// Durable state of an installation, in a SQLite file or a PostgreSQL database: indexes, rollouts with their requests, partitions, parked
/// texts, evaluations, as which models providers answered, what checks for drift compare with and found, and the audit log. Every method is
/// one transaction; what it returned from survives the end of the process. Several processes may have it open.
/// </summary>
public sealed partial class StateStore
{
    // Transactions that were rolled back for others' sake are run again, the first few at once: whoever was in the way has gone on.
    private const int MostRepetitions = 20;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider time;

    private StateStore(StateDatabase database, TimeProvider time) => (Database, this.time) = (database, time);

    /// <summary>Where it is kept.</summary>
    public StateDatabase Database { get; }

    /// <summary>This process in the state, by a name that no other process has or had: machine, process id, and a random number.</summary>
    public string Instance { get; } = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}-{Random.Shared.Next():x8}");

    /// <summary>Opens the state in a SQLite file, creating or upgrading it where needed.</summary>
    /// <exception cref="StateException">The file cannot be opened, written or understood.</exception>
    public static Task<StateStore> OpenAsync(string file, TimeProvider time, CancellationToken cancellation) =>
        OpenAsync(StateDatabase.Sqlite(file), time, cancellation);

    /// <summary>Opens the state in a database, creating or upgrading its tables where needed.</summary>
    /// <exception cref="StateException">The database cannot be opened, written or understood.</exception>
    public static async Task<StateStore> OpenAsync(StateDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var store = new StateStore(database, time);
        await store.RunAsync(async context =>
        {
            await SchemaUpgrade.RunAsync(context, database, time, cancellation);
            await database.AfterUpgradeAsync(context, cancellation);
            return 0;
        }, cancellation);
        return store;
    }

    /// <summary>The version of the schema that the database has, as it sorts by time.</summary>
    public Task<string> SchemaVersionAsync(CancellationToken cancellation) =>
        RunAsync(async context => (await context.Database.GetAppliedMigrationsAsync(cancellation)).LastOrDefault() ?? "none", cancellation);

    /// <summary>Takes the right to change what is in the database beside the state, as of one process at a time; dispose it to give it back.</summary>
    /// <exception cref="StateException">Another process has it and does not finish.</exception>
    public Task<IAsyncDisposable> LockSchemaAsync(CancellationToken cancellation) => SchemaUpgrade.LockAsync(Database, time, cancellation);

    /// <summary>Work in one statement: it is in the database afterwards, or not.</summary>
    private async Task<T> RunAsync<T>(Func<StateContext, Task<T>> work, CancellationToken cancellation)
    {
        for (var repetitions = 0; ; repetitions++)
        {
            try
            {
                await using var context = await Database.OpenContextAsync(cancellation);
                return await work(context);
            }
            catch (Exception exception) when (StateException.Cause(exception) is { } cause && Database.Explain(cause) is { } explained)
            {
                if (repetitions >= MostRepetitions || !Database.IsRepeatable(cause))
                {
                    throw new StateException($"{Database.Name}: {explained}", exception);
                }
            }

            await Task.Delay(LongestPause * Random.Shared.NextDouble(), cancellation);
        }
    }

    /// <summary>Work in one transaction: everything that it did in the database is there afterwards, or nothing. It may be run again.</summary>
    private Task<T> TransactAsync<T>(Func<StateContext, Task<T>> work, CancellationToken cancellation) => RunAsync(async context =>
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        var result = await work(context);
        await transaction.CommitAsync(cancellation);
        return result;
    }, cancellation);
}
