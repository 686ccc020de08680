using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.State;
using DriftGuard.Testing.Processes;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using PointId = DriftGuard.Core.Points.PointId;

namespace DriftGuard.Cli.Tests.Rollouts;

/// <summary>A process that is killed at any moment of a rollout leaves something that the next one finishes.</summary>
public sealed class KilledRolloutTests : IDisposable
{
    private const int KillsARound = 5;
    private const int Points = 240;

    private readonly string _folder = Directory.CreateTempSubdirectory("driftguard-kill-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string StateFile => Path.Join(_folder, "data", "state.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory(Timeout = 1_200_000)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_rollout_that_is_killed_again_and_again_ends_completed_and_whole(int seed)
    {
        var random = new Random(seed);
        await File.WriteAllTextAsync(Path.Join(_folder, "driftguard.yaml"), "rollout:\n  soak: 0s\n  partitions: 4\n  batchSize: 8\n", TestContext.Current.CancellationToken);
        var corpus = Path.Join(AppContext.BaseDirectory, "calibration-sets", "xquad-en", "corpus.jsonl");
        (await DriftGuardProcess.RunAsync(_folder, "index", "create", "docs", "--model", "static-wordpiece-128", "--calibration-set", "xquad-en")).Code.ShouldBe(0);
        (await DriftGuardProcess.RunAsync(_folder, "index", "load", "docs", corpus)).Code.ShouldBe(0);

        var kills = 0;
        for (var i = 0; i < KillsARound && await FindAsync() is not { EndedAt: not null }; i++)
        {
            using var victim = DriftGuardProcess.Start(_folder, await NextCommandAsync());
            kills += await victim.KillAfterAsync(TimeSpan.FromMilliseconds(random.Next(700, 3_500))) ? 1 : 0;
        }

        if (await FindAsync() is not { EndedAt: not null })
        {
            var last = await DriftGuardProcess.RunAsync(_folder, await NextCommandAsync());
            last.Code.ShouldBe(0, last.Error);
        }

        kills.ShouldBeGreaterThan(0, "every process ended before it was killed");
        var rollout = (await FindAsync())!;
        rollout.Phase.ShouldBe(RolloutPhase.Completed);
        await ShouldBeWholeAsync(rollout);
    }

    /// <summary>Every point is there and stamped by the new model, behind one alias and one token.</summary>
    private async Task ShouldBeWholeAsync(Rollout rollout)
    {
        var options = new DriftGuardOptions { DataDirectory = Path.Join(_folder, "data") };
        await using var engine = await Engine.StartAsync(options, "test", TimeProvider.System, NullLoggerFactory.Instance, Cancellation);
        var qdrant = engine.Installation.Qdrant;
        var aliases = await qdrant.AliasesAsync();
        var stamps = new List<string?>();
        await foreach (var page in qdrant.ScrollRangeAsync(rollout.Green, PointId.First, null, 100, ReadShape.Stamps))
        {
            stamps.AddRange(page.Points.Select(point => StampPayload.Read(point.Payload)?.Fingerprint));
        }

        stamps.Count.ShouldBe(Points);
        stamps.ShouldAllBe(fingerprint => fingerprint == rollout.ToFingerprint);
        aliases.Targets.Values.ShouldBe([rollout.Green, rollout.Green, rollout.Green], "the index, its write alias and one token");
        (await engine.Installation.State.ParkedAsync(rollout.Id, Cancellation)).ShouldBeEmpty();
        (await qdrant.ListCollectionsAsync()).Order(StringComparer.Ordinal)
            .ShouldBe(new[] { rollout.Blue, rollout.Green }.Order(StringComparer.Ordinal), "no collection of an attempt that was killed is left behind");
    }

    private async Task<string[]> NextCommandAsync() => await FindAsync() is null
        ? ["rollout", "start", "docs", "--to", "all-minilm-l6-v2-int8", "--yes", "--no-preflight"]
        : ["rollout", "resume", "docs"];

    private async Task<Rollout?> FindAsync()
    {
        var state = await StateStore.OpenAsync(StateFile, TimeProvider.System, Cancellation);
        return await state.FindRolloutAsync("docs-r1", Cancellation);
    }
}
