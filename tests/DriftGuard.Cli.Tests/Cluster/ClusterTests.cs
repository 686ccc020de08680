using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.State;
using DriftGuard.Testing.Processes;
using PointId = DriftGuard.Core.Points.PointId;

namespace DriftGuard.Cli.Tests.Cluster;

/// <summary>Several workers, each a process of its own, on one PostgreSQL and one Qdrant.</summary>
public sealed class ClusterTests : IAsyncLifetime
{
    private const int Points = 240;
    private const int Partitions = 8;
    private SharedInstallation shared = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private StateStore State => shared.State;

    public async ValueTask InitializeAsync() => shared = await SharedInstallation.StartAsync($$"""
        rollout: { soak: 0s, partitions: {{Partitions}}, batchSize: 2, concurrentPartitions: 2, pointsPerSecond: 20, approval: automatic, fence: none }
        drift: { enabled: false }
        http: { address: "http://127.0.0.1:0" }
        """);

    public ValueTask DisposeAsync() => shared?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Workers_share_the_partitions_of_a_rollout(int workers)
    {
        var serving = Serve(workers);
        var rollout = await StartAsync();

        await shared.UntilAsync(async () => (await FindAsync(rollout)).EndedAt is not null);

        await ShouldBeWholeAsync(await FindAsync(rollout));
        var partitions = await State.PartitionsAsync(rollout, Cancellation);
        partitions.Select(p => p.Attempt).ShouldBe(Enumerable.Repeat(1, Partitions));
        OwnersOf(partitions).Count.ShouldBeGreaterThan(1, string.Join("\n====\n", serving.Select(s => s.Said)));
        OwnersOf(partitions).Values.ShouldBeSubsetOf(serving.Select(s => s.Id));
    }

    [Fact]
    public async Task What_a_killed_worker_was_copying_is_finished_by_the_others()
    {
        var serving = Serve(3);
        var rollout = await StartAsync();
        await shared.UntilAsync(async () => OwnersOf(await State.PartitionsAsync(rollout, Cancellation)).Count >= 2);
        var holder = (await State.FindRolloutLeaseAsync(rollout, Cancellation))!.Owner;
        var victim = serving.Single(s => holder.Contains($"-{s.Id}-", StringComparison.Ordinal));

        await victim.KillAsync();
        await shared.UntilAsync(async () => (await FindAsync(rollout)).EndedAt is not null);

        await ShouldBeWholeAsync(await FindAsync(rollout));
        (await State.FindRolloutLeaseAsync(rollout, Cancellation))!.Owner.ShouldNotBe(holder);
        (await State.PartitionsAsync(rollout, Cancellation)).ShouldAllBe(p => p.Done);
    }

    [Fact]
    public async Task A_pause_stops_every_worker_and_they_go_on_where_they_stood()
    {
        var serving = Serve(2);
        var rollout = await StartAsync();
        await shared.UntilAsync(async () => OwnersOf(await State.PartitionsAsync(rollout, Cancellation)).Count == 2);

        await State.AddRequestAsync(rollout, RequestKind.Pause, "test", null, Cancellation);
        await shared.UntilAsync(async () => (await FindAsync(rollout)).Phase == RolloutPhase.Paused);
        await shared.UntilAsync(() => Task.FromResult(serving.TrueForAll(s => !s.IsCopying)));
        var paused = await State.PartitionsAsync(rollout, Cancellation);
        await DriftGuardProcess.RunAsync(shared.Folder, "rollout", "status", "docs");
        (await State.PartitionsAsync(rollout, Cancellation)).ShouldBe(paused);
        paused.ShouldContain(p => !p.Done);

        await DriftGuardProcess.RunAsync(shared.Folder, "rollout", "resume", "docs");
        await shared.UntilAsync(async () => (await FindAsync(rollout)).EndedAt is not null);
        await ShouldBeWholeAsync(await FindAsync(rollout));
    }

    private List<ServeProcess> Serve(int workers)
    {
        return [.. Enumerable.Range(0, workers).Select(i => shared.Start("serve", "--data", Path.Join(shared.Folder, $"data-{i}")))];
    }

    private async Task<string> StartAsync()
    {
        (await DriftGuardProcess.RunAsync(shared.Folder, "rollout", "start", "docs", "--to", "all-minilm-l6-v2-int8", "--yes", "--no-preflight", "--detach"))
            .ShouldSatisfyAllConditions(r => r.Code.ShouldBe(0, r.Out + r.Error));
        return "docs-r1";
    }

    /// <summary>The process ids of those that took partitions.</summary>
    private static Dictionary<string, int> OwnersOf(IReadOnlyList<Partition> partitions) => partitions.Select(p => p.Owner).OfType<string>().Distinct(StringComparer.Ordinal)
        .ToDictionary(owner => owner, owner => int.Parse(owner.Split('-')[^2], System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal);

    private async Task<Rollout> FindAsync(string rolloutId) => (await State.FindRolloutAsync(rolloutId, Cancellation))!;

    private async Task ShouldBeWholeAsync(Rollout rollout)
    {
        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        using var qdrant = new QdrantStore(new() { Address = shared.Qdrant });
        var stamps = new List<string?>();
        await foreach (var page in qdrant.ScrollRangeAsync(rollout.Green, PointId.First, null, 100, ReadShape.Stamps))
        {
            stamps.AddRange(page.Points.Select(point => StampPayload.Read(point.Payload)?.Fingerprint));
        }

        stamps.Count.ShouldBe(Points);
        stamps.ShouldAllBe(fingerprint => fingerprint == rollout.ToFingerprint);
    }
}
