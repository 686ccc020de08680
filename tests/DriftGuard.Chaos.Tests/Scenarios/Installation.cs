using System.Globalization;
using DriftGuard.Chaos.Tests.Faults;
using DriftGuard.Chaos.Tests.Oracle;
using DriftGuard.Chaos.Tests.Processes;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;

namespace DriftGuard.Chaos.Tests.Scenarios;

/// <summary>
/// An installation of real processes: Qdrant, and a worker that reaches it through a network with faults. Applications and those who look
/// reach Qdrant directly.
/// </summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly ChaosPlan _plan;
    private readonly Models _models;
    private readonly string _root;
    private readonly Random _random;

    private Installation(
        ChaosPlan plan, string root, Models models, QdrantProcess qdrant, FaultProxy network, SmallDisk? disk, FakeClock? clock, StateUnderTest state)
    {
        (Disk, Clock, State) = (disk, clock, state);
        (_plan, _root, _models, Qdrant, Network, _random) = (plan, root, models, qdrant, network, new(plan.Seed));
        Direct = new(new() { Address = qdrant.Address, RetryAttempts = 0, ConnectTimeout = TimeSpan.FromSeconds(2) });
        Worker = new(Folder, network, clock, Findings, plan.WorkerMayEnd) { Remember = plan.WordsOfTheWorker };
        Indexes = [.. Enumerable.Range(0, plan.Indexes).Select(i => new IndexUnderTest($"docs{i}", Folder, plan, Direct, state.Database, Findings, new(_random.Next())))];
        Aliases = new(Direct, [.. Indexes.Select(index => index.Name)], Findings);
    }

    public Findings Findings { get; } = new();

    /// <summary>The disk of the data folder, where the plan has one.</summary>
    public SmallDisk? Disk { get; }

    /// <summary>The clock of the worker, where the plan has it jump.</summary>
    public FakeClock? Clock { get; }

    /// <summary>Where the worker keeps what it knows.</summary>
    public StateUnderTest State { get; }

    /// <summary>Kills by the phase in which a rollout then stood.</summary>
    public SortedDictionary<RolloutPhase, int> KillsByPhase { get; } = [];

    public QdrantProcess Qdrant { get; }

    public FaultProxy Network { get; }

    public QdrantStore Direct { get; }

    public WorkerProcess Worker { get; }

    public IReadOnlyList<IndexUnderTest> Indexes { get; }

    public AliasWatcher Aliases { get; }

    /// <summary>The folder of the worker, whose subfolder <c>data</c> holds its state.</summary>
    public string Folder => FolderOf(_root);

    public static async Task<Installation> StartAsync(ChaosPlan plan, CancellationToken cancellation)
    {
        var root = Directory.CreateTempSubdirectory("driftguard-chaos-").FullName;
        var folder = Directory.CreateDirectory(FolderOf(root)).FullName;
        var clock = plan.ClockJumps ? FakeClock.Start(Path.Join(root, "clock")) : null;
        var disk = plan.DiskMiB is { } size ? SmallDisk.Mount(Path.Join(folder, "data"), size) : null;
        var state = await StateUnderTest.StartAsync(plan, folder);
        var models = await Models.StartAsync(Path.Join(folder, "models"));
        var qdrant = await QdrantProcess.StartAsync(Path.Join(root, "qdrant"));
        var network = await FaultProxy.StartAsync(qdrant.Address);
        Corpus.Write(folder);
        await WorkerSettings.WriteAsync(folder, plan, network.Address, cancellation);
        var installation = new Installation(plan, root, models, qdrant, network, disk, clock, state);
        try
        {
            foreach (var index in installation.Indexes)
                await index.CreateAsync(cancellation);
            return installation;
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the plan to its end.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var over = false;
        Network.Plan = _plan.Faults(_random.Next());
        State.BeginFaults();
        List<Task> around = [Aliases.RunAsync(done.Token), .. Indexes.Select(index => index.WriteAsync(done.Token))];
        if (_plan.Meanwhile is { } meanwhile)
            around.Add(Waits.UntilCancelledAsync(meanwhile(this, done.Token)));
        Task[] changing = [.. Indexes.Select(index => index.ChangeAsync(() => over && _plan.IsMet(this), done.Token))];
        await Waits.AmongAsync(KillAsync(done.Token), [.. around, .. changing]);
        over = true;
        while (!Task.WhenAll(changing).IsCompleted)
        {
            await Waits.AmongAsync(Task.WhenAny(Task.WhenAll(changing), Task.Delay(TimeSpan.FromSeconds(1), done.Token)), around);
            await Worker.KeepAliveAsync(done.Token);
        }

        await Task.WhenAll(changing);
        await done.CancelAsync();
        await Task.WhenAll(around);
        await Network.LateCallsAsync();
        foreach (var index in Indexes)
            await index.CompareAsync(cancellation);
    }

    /// <summary>Everything that is worth knowing of a run, for people.</summary>
    public async Task<string> ReportAsync()
    {
        var figures = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture, $"replay with {_plan.Replay}"),
            $"found: {Findings}",
            string.Create(CultureInfo.InvariantCulture, $"{Worker.Kills} kills, {Worker.Ends} ends by itself; start to serving {Durations.Of(Worker.Starts)}; kill to the next write {Durations.Of(Worker.Recoveries)}"),
            string.Create(CultureInfo.InvariantCulture, $"{Aliases.Looks} looks at the aliases, {Aliases.Switches} switches, {Aliases.Held} looks with writes held; calls: {Counts(Network.Met)}"),
            string.Create(CultureInfo.InvariantCulture, $"killed at {Counts(KillsByPhase)}; faults of the state: {Counts(State.Met)}; {Clock?.Jumped ?? 0} jumps of the clock"),
        };
        foreach (var index in Indexes)
        {
            var stands = await index.StandsAsync();
            figures.Add(string.Create(CultureInfo.InvariantCulture, $"{index.Name}: {index.Changes} changes, {index.Log.Acknowledged} writes acknowledged, {index.Log.Unknown} unknown, {index.Compared} points compared, {index.Calms} calms; now {stands}"));
            figures.AddRange(index.Promises.Select(promise => "  " + promise));
        }

        if (Qdrant.Said.Length > 0)
            figures.Add($"Qdrant said: {Qdrant.Said}");
        return string.Join("\n", figures);
    }

    public async ValueTask DisposeAsync()
    {
        Worker.Dispose();
        await Qdrant.DisposeAsync();
        await Network.DisposeAsync();
        await State.DisposeAsync();
        foreach (var index in Indexes)
            index.Dispose();
        Direct.Dispose();
        await _models.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Disk?.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private static string Counts<T>(IEnumerable<KeyValuePair<T, int>> counts) => string.Join(", ", counts.OrderBy(count => count.Key).Select(count => $"{count.Key} {count.Value}"));

    private static string FolderOf(string root) => Path.Join(root, "worker");

    private async Task<bool> IsSeenInAsync(RolloutPhase phase, CancellationToken cancellation) =>
        (await Task.WhenAll(Indexes.Select(index => index.PhaseAsync(cancellation)))).Contains(phase);

    private async Task KillAsync(CancellationToken cancellation)
    {
        while (Worker.Kills < _plan.Kills)
        {
            var before = Worker.Kills;
            await Worker.LiveUntilAsync(KillInstant.Next(_random), IsSeenInAsync, cancellation);
            foreach (var index in Worker.Kills > before ? Indexes : [])
            {
                if (await index.PhaseAsync(cancellation) is { } phase)
                    KillsByPhase[phase] = KillsByPhase.GetValueOrDefault(phase) + 1;
            }
        }

        await Worker.StartAsync(cancellation);
    }
}
