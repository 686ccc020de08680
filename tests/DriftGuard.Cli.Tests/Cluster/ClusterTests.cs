using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.State;
using DriftGuard.Testing.Network;
using DriftGuard.Testing.Postgres;
using DriftGuard.Testing.Processes;
using PointId = DriftGuard.Core.Points.PointId;

namespace DriftGuard.Cli.Tests.Cluster;

/// <summary>Several workers, each a process of its own, on one PostgreSQL and one Qdrant.</summary>
public sealed class ClusterTests : IAsyncLifetime
{
    private const int Points = 240;
    private const int Partitions = 8;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    // Protection against hanging, also on a machine that does much else.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-cluster-").FullName;
    private readonly List<ServeProcess> processes = [];
    private readonly int port = FreePort.Next();
    private StateStore state = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        var connection = await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        await File.WriteAllTextAsync(Path.Join(folder, "state.connection"), connection, Cancellation);
        await File.WriteAllTextAsync(Path.Join(folder, "driftguard.yaml"), $$"""
            state: { connectionFile: state.connection }
            qdrant: { address: "http://127.0.0.1:{{port}}" }
            rollout: { soak: 0s, partitions: {{Partitions}}, batchSize: 2, concurrentPartitions: 2, pointsPerSecond: 20, approval: automatic, fence: none }
            drift: { enabled: false }
            http: { address: "http://127.0.0.1:0" }
            """, Cancellation);
        await File.WriteAllTextAsync(Path.Join(folder, "qdrant.yaml"), "log: { level: warning }\n", Cancellation);
        processes.Add(ServeProcess.Start(folder, "qdrant", "--config", Path.Join(folder, "qdrant.yaml"), "--data", Path.Join(folder, "qdrant"), "--port", $"{port}"));
        state = await StateStore.OpenAsync(StateDatabase.Postgres(connection), TimeProvider.System, Cancellation);
        var corpus = Path.Join(AppContext.BaseDirectory, "calibration-sets", "xquad-en", "corpus.jsonl");
        await UntilAsync(() => Task.FromResult(processes[0].Said.Contains($"{port}", StringComparison.Ordinal)));
        (await DriftGuardProcess.RunAsync(folder, "index", "create", "docs", "--model", "static-wordpiece-128", "--calibration-set", "xquad-en")).ShouldSatisfyAllConditions(r => r.Code.ShouldBe(0, r.Error));
        (await DriftGuardProcess.RunAsync(folder, "index", "load", "docs", corpus)).ShouldSatisfyAllConditions(r => r.Code.ShouldBe(0, r.Error));
    }

    public ValueTask DisposeAsync()
    {
        processes.ForEach(process => process.Dispose());
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Workers_share_the_partitions_of_a_rollout(int workers)
    {
        var serving = Serve(workers);
        var rollout = await StartAsync();

        await UntilAsync(async () => (await FindAsync(rollout)).EndedAt is not null);

        await ShouldBeWholeAsync(await FindAsync(rollout));
        var partitions = await state.PartitionsAsync(rollout, Cancellation);
        partitions.Select(p => p.Attempt).ShouldBe(Enumerable.Repeat(1, Partitions));
        OwnersOf(partitions).Count.ShouldBeGreaterThan(1, string.Join("\n====\n", serving.Select(s => s.Said)));
        OwnersOf(partitions).Values.ShouldBeSubsetOf(serving.Select(s => s.Id));
    }

    [Fact]
    public async Task What_a_killed_worker_was_copying_is_finished_by_the_others()
    {
        var serving = Serve(3);
        var rollout = await StartAsync();
        await UntilAsync(async () => OwnersOf(await state.PartitionsAsync(rollout, Cancellation)).Count >= 2);
        var holder = (await state.FindRolloutLeaseAsync(rollout, Cancellation))!.Owner;
        var victim = serving.Single(s => holder.Contains($"-{s.Id}-", StringComparison.Ordinal));

        await victim.KillAsync();
        await UntilAsync(async () => (await FindAsync(rollout)).EndedAt is not null);

        await ShouldBeWholeAsync(await FindAsync(rollout));
        (await state.FindRolloutLeaseAsync(rollout, Cancellation))!.Owner.ShouldNotBe(holder);
        (await state.PartitionsAsync(rollout, Cancellation)).ShouldAllBe(p => p.Done);
    }

    [Fact]
    public async Task A_pause_stops_every_worker_and_they_go_on_where_they_stood()
    {
        var serving = Serve(2);
        var rollout = await StartAsync();
        await UntilAsync(async () => OwnersOf(await state.PartitionsAsync(rollout, Cancellation)).Count == 2);

        await state.AddRequestAsync(rollout, RequestKind.Pause, "test", null, Cancellation);
        await UntilAsync(async () => (await FindAsync(rollout)).Phase == RolloutPhase.Paused);
        await UntilAsync(() => Task.FromResult(serving.TrueForAll(s => !s.IsCopying)));
        var paused = await state.PartitionsAsync(rollout, Cancellation);
        await DriftGuardProcess.RunAsync(folder, "rollout", "status", "docs");
        (await state.PartitionsAsync(rollout, Cancellation)).ShouldBe(paused);
        paused.ShouldContain(p => !p.Done);

        await DriftGuardProcess.RunAsync(folder, "rollout", "resume", "docs");
        await UntilAsync(async () => (await FindAsync(rollout)).EndedAt is not null);
        await ShouldBeWholeAsync(await FindAsync(rollout));
    }

    private List<ServeProcess> Serve(int workers)
    {
        var serving = Enumerable.Range(0, workers).Select(i => ServeProcess.Start(folder, "serve", "--data", Path.Join(folder, $"data-{i}"))).ToList();
        processes.AddRange(serving);
        return serving;
    }

    private async Task<string> StartAsync()
    {
        (await DriftGuardProcess.RunAsync(folder, "rollout", "start", "docs", "--to", "all-minilm-l6-v2-int8", "--yes", "--no-preflight", "--detach"))
            .ShouldSatisfyAllConditions(r => r.Code.ShouldBe(0, r.Out + r.Error));
        return "docs-r1";
    }

    /// <summary>The process ids of those that took partitions.</summary>
    private static Dictionary<string, int> OwnersOf(IReadOnlyList<Partition> partitions) => partitions.Select(p => p.Owner).OfType<string>().Distinct(StringComparer.Ordinal)
        .ToDictionary(owner => owner, owner => int.Parse(owner.Split('-')[^2], System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal);

    private async Task<Rollout> FindAsync(string rolloutId) => (await state.FindRolloutAsync(rolloutId, Cancellation))!;

    private async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var began = TimeProvider.System.GetTimestamp(); !await holds();)
        {
            if (TimeProvider.System.GetElapsedTime(began) > LongestWait)
            {
                Assert.Fail(string.Join("\n====\n", processes.Select(p => p.Said)));
            }

            await Task.Delay(LookAgain, Cancellation);
        }
    }

    private async Task ShouldBeWholeAsync(Rollout rollout)
    {
        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        using var qdrant = new QdrantStore(new() { Address = new Uri($"http://127.0.0.1:{port}") });
        var stamps = new List<string?>();
        await foreach (var page in qdrant.ScrollRangeAsync(rollout.Green, PointId.First, null, 100, ReadShape.Stamps))
        {
            stamps.AddRange(page.Points.Select(point => StampPayload.Read(point.Payload)?.Fingerprint));
        }

        stamps.Count.ShouldBe(Points);
        stamps.ShouldAllBe(fingerprint => fingerprint == rollout.ToFingerprint);
    }
}
