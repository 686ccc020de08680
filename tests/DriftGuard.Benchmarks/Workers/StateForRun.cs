using DriftGuard.State;
using DriftGuard.Testing.Postgres;

namespace DriftGuard.Benchmarks.Workers;

/// <summary>An empty state, by what other processes find it by.</summary>
/// <param name="Store">The state.</param>
/// <param name="Place">The file, or the connection string.</param>
internal sealed record StateForRun(StateStore Store, (string Text, bool IsFile) Place)
{
    public static async Task<StateForRun> InFileAsync(string folder)
    {
        var file = Path.Join(Directory.CreateDirectory(Path.Join(folder, Guid.NewGuid().ToString("N"))).FullName, "state.db");
        return new(await StateStore.OpenAsync(file, TimeProvider.System, default), (file, true));
    }

    public static async Task<StateForRun> InPostgresAsync()
    {
        var connection = await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        return new(await StateStore.OpenAsync(StateDatabase.Postgres(connection), TimeProvider.System, default), (connection, false));
    }
}
