using DriftGuard.Testing.Postgres;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace DriftGuard.State.Tests;

/// <summary>
/// A state of its own, open, with a clock that stands at noon of 10 March 2026. What the state promises, it promises on both databases:
/// the tests of a room are written once, and a class a database inherits them.
/// </summary>
public abstract class StateFolder(StateKind kind) : IAsyncLifetime
{
    protected static DateTimeOffset Noon { get; } = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What the state is kept in.</summary>
    protected StateKind Kind => kind;

    protected string Folder { get; } = Directory.CreateTempSubdirectory("driftguard-state-").FullName;

    protected FakeTimeProvider Clock { get; } = new(Noon);

    protected StateDatabase Database { get; private set; } = null!;

    protected StateStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await NewDatabaseAsync("state");
        Store = await OpenAsync();
    }

    public ValueTask DisposeAsync()
    {
        // Each test has databases of its own, and each database a pool: what stays open in them adds up to more than the server takes.
        SqliteConnection.ClearAllPools();
        NpgsqlConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>The state as another process sees it.</summary>
    protected Task<StateStore> OpenAsync() => OpenAsync(Database, Clock);

    protected static Task<StateStore> OpenAsync(StateDatabase database, TimeProvider clock) => StateStore.OpenAsync(database, clock, Cancellation);

    /// <summary>An empty one.</summary>
    protected Task<StateDatabase> NewDatabaseAsync(string name) => NewDatabaseAsync(name, kind);

    /// <summary>An empty one of a kind.</summary>
    protected async Task<StateDatabase> NewDatabaseAsync(string name, StateKind of)
    {
        if (of == StateKind.Sqlite)
        {
            return StateDatabase.Sqlite(Path.Join(Folder, $"{name}.db"));
        }

        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        return StateDatabase.Postgres(await (await PostgresServer.GetAsync()).CreateDatabaseAsync());
    }
}

/// <summary>What the state is kept in.</summary>
public enum StateKind
{
    /// <summary>A SQLite file.</summary>
    Sqlite,

    /// <summary>A PostgreSQL database.</summary>
    Postgres,
}
