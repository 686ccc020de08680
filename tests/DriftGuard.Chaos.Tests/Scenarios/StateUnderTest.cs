using DriftGuard.Chaos.Tests.Faults;
using DriftGuard.State;
using DriftGuard.Testing.Postgres;
using Npgsql;

namespace DriftGuard.Chaos.Tests.Scenarios;

/// <summary>Where the worker keeps its state: a file in its data folder, or a PostgreSQL that it reaches through a network with faults.</summary>
/// <param name="Database">The state, past any fault.</param>
/// <param name="Network">The network; null for a file.</param>
internal sealed record StateUnderTest(StateDatabase Database, StateNetwork? Network) : IAsyncDisposable
{
    public const string ConnectionFile = "state.connection";

    /// <summary>How often each fault was met.</summary>
    public IReadOnlyDictionary<StateFault, int> Met => Network?.Met ?? new Dictionary<StateFault, int>();

    /// <summary>Makes one; a machine without PostgreSQL skips the test that needs it and says so.</summary>
    public static async Task<StateUnderTest> StartAsync(ChaosPlan plan, string folder)
    {
        if (!plan.SharedState)
            return new(StateDatabase.Sqlite(Path.Join(folder, "data", "state.db")), null);
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        var direct = new NpgsqlConnectionStringBuilder(await (await PostgresServer.GetAsync()).CreateDatabaseAsync());
        var network = StateNetwork.Start(direct.Host!, direct.Port, plan.Seed);
        var through = new NpgsqlConnectionStringBuilder(direct.ConnectionString) { Host = "127.0.0.1", Port = network.Port };
        await File.WriteAllTextAsync(Path.Join(folder, ConnectionFile), through.ConnectionString);
        return new(StateDatabase.Postgres(direct.ConnectionString), network);
    }

    /// <summary>Lets faults come up, where there is a network.</summary>
    public void BeginFaults()
    {
        if (Network is { } network)
            network.Faulty = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (Network is { } network)
            await network.DisposeAsync();
    }
}
