using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace DriftGuard.State.Tests;

/// <summary>A state file in a folder of its own, open, with a clock that stands at noon of 10 March 2026.</summary>
public abstract class StateFolder : IAsyncLifetime
{
    protected static DateTimeOffset Noon { get; } = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected string Folder { get; } = Directory.CreateTempSubdirectory("driftguard-state-").FullName;

    protected string DatabaseFile => Path.Join(Folder, "state.db");

    protected FakeTimeProvider Clock { get; } = new(Noon);

    protected StateStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>The state as another process sees it.</summary>
    protected Task<StateStore> OpenAsync() => StateStore.OpenAsync(DatabaseFile, Clock, Cancellation);
}
