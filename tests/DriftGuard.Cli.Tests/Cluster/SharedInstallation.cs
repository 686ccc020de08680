using DriftGuard.State;
using DriftGuard.Testing.Network;
using DriftGuard.Testing.Postgres;
using DriftGuard.Testing.Processes;

namespace DriftGuard.Cli.Tests.Cluster;

/// <summary>What several processes share: a PostgreSQL database, a Qdrant that is a process of its own, and an index of Wikipedia paragraphs in it.</summary>
internal sealed class SharedInstallation : IAsyncDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    // Protection against hanging, also on a machine that does much else.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private readonly List<ServeProcess> processes = [];
    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-cluster-").FullName;
    private readonly int port = FreePort.Next();

    private SharedInstallation()
    {
    }

    /// <summary>The folder with the configuration, in which commands run.</summary>
    public string Folder => folder;

    /// <summary>Where Qdrant answers.</summary>
    public Uri Qdrant => new($"http://127.0.0.1:{port}");

    /// <summary>The connection to the database.</summary>
    public string Connection { get; private init; } = "";

    /// <summary>The state as a process of its own sees it.</summary>
    public StateStore State { get; private set; } = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Makes it; the test is skipped where there is no PostgreSQL.</summary>
    /// <param name="settings">What is configured beyond state, Qdrant and address.</param>
    public static async Task<SharedInstallation> StartAsync(string settings)
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        var made = new SharedInstallation { Connection = await (await PostgresServer.GetAsync()).CreateDatabaseAsync() };
        try
        {
            await made.FillAsync(settings);
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a command that goes on until it is stopped; it is ended with the installation.</summary>
    public ServeProcess Start(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        var started = ServeProcess.Start(folder, environment, arguments);
        processes.Add(started);
        return started;
    }

    /// <inheritdoc cref="Start(IReadOnlyDictionary{string, string}, IEnumerable{string})"/>
    public ServeProcess Start(params IEnumerable<string> arguments) => Start(new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    /// <summary>Waits until something holds, and fails with what all processes said where it takes too long.</summary>
    public async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var began = TimeProvider.System.GetTimestamp(); !await holds();)
        {
            if (TimeProvider.System.GetElapsedTime(began) > LongestWait)
            {
                Assert.Fail(Said);
            }

            await Task.Delay(LookAgain, Cancellation);
        }
    }

    /// <summary>What all processes said.</summary>
    public string Said => string.Join("\n====\n", processes.Select(process => process.Said));

    public ValueTask DisposeAsync()
    {
        processes.ForEach(process => process.Dispose());
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task FillAsync(string settings)
    {
        await File.WriteAllTextAsync(Path.Join(folder, "state.connection"), Connection, Cancellation);
        await File.WriteAllTextAsync(Path.Join(folder, "driftguard.yaml"), $$"""
            state: { connectionFile: state.connection }
            qdrant: { address: "{{Qdrant.OriginalString}}" }
            {{settings}}
            """, Cancellation);
        await File.WriteAllTextAsync(Path.Join(folder, "qdrant.yaml"), "log: { level: warning }\n", Cancellation);
        var qdrant = Start("qdrant", "--config", Path.Join(folder, "qdrant.yaml"), "--data", Path.Join(folder, "qdrant"), "--port", $"{port}");
        State = await StateStore.OpenAsync(StateDatabase.Postgres(Connection), TimeProvider.System, Cancellation);
        var corpus = Path.Join(AppContext.BaseDirectory, "calibration-sets", "xquad-en", "corpus.jsonl");
        await UntilAsync(() => Task.FromResult(qdrant.Said.Contains($"{port}", StringComparison.Ordinal)));
        (await DriftGuardProcess.RunAsync(folder, "index", "create", "docs", "--model", "static-wordpiece-128", "--calibration-set", "xquad-en")).ShouldSatisfyAllConditions(r => r.Code.ShouldBe(0, r.Error));
        (await DriftGuardProcess.RunAsync(folder, "index", "load", "docs", corpus)).ShouldSatisfyAllConditions(r => r.Code.ShouldBe(0, r.Error));
    }
}
