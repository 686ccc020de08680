using System.Security.Cryptography;
using DriftGuard.Core.Rollouts;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Rollouts;

/// <summary>The old collection goes once it is kept no longer: the one step that cannot be undone, after a snapshot where one is asked for.</summary>
public sealed class RetirementTests
{
    private const int Documents = 200;
    private static readonly TimeSpan Retention = TimeSpan.FromDays(1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_snapshot_of_each_peer_is_copied_first_and_makes_the_collection_again(int peers)
    {
        await using var world = await WithCorpusAsync(Documents, peers: peers);
        var folder = Path.Join(world.Folder, "kept", "snapshots");
        var rollout = await world.RunAsync(await world.StartAsync(Quick with { Retention = Retention, SnapshotFolder = folder }));
        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        rollout.Message.ShouldContain("removed for good");
        rollout.Message.ShouldContain(folder);
        var before = (await world.ReadAsync(rollout.Blue)).Select(point => (point.Key, point.Value.Payload, Vector: string.Join(' ', point.Value.Vector))).ToList();

        rollout = await RetiredAsync(world, rollout);

        (await world.Qdrant.ExistsAsync(rollout.Blue, Cancellation)).ShouldBeFalse();
        rollout.Snapshots!.Count.ShouldBe(peers);
        foreach (var kept in rollout.Snapshots)
        {
            var file = await File.ReadAllBytesAsync(kept.File, Cancellation);
            (file.LongLength, Convert.ToHexStringLower(SHA256.HashData(file))).ShouldBe((kept.Bytes, kept.Sha256));
            (await File.ReadAllTextAsync($"{kept.File}.sha256", Cancellation)).ShouldBe($"{kept.Sha256}  {Path.GetFileName(kept.File)}\n");
        }

        Directory.GetFiles(folder).Length.ShouldBe(2 * peers, "nothing is left by half");
        await using (var file = File.OpenRead(rollout.Snapshots[0].File))
        {
            await world.Qdrant.RestoreSnapshotAsync("again", file, Cancellation);
        }

        (await world.ReadAsync("again")).Select(point => (point.Key, point.Value.Payload, Vector: string.Join(' ', point.Value.Vector))).ShouldBe(before);
    }

    [Fact]
    public async Task Without_one_nothing_is_copied_and_it_says_so()
    {
        await using var world = await WithCorpusAsync(Documents);
        var rollout = await world.RunAsync(await world.StartAsync(Quick with { Retention = Retention }));
        rollout.Message.ShouldContain("removed for good, without a snapshot");

        rollout = await RetiredAsync(world, rollout);

        rollout.Snapshots.ShouldBeNull();
        (await world.Qdrant.ExistsAsync(rollout.Blue, Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task Where_a_snapshot_cannot_be_kept_the_collection_stays_and_people_are_told()
    {
        await using var world = await WithCorpusAsync(Documents);
        var notAFolder = Path.Join(world.Folder, "a-file");
        await File.WriteAllTextAsync(notAFolder, "", Cancellation);
        var rollout = await world.RunAsync(await world.StartAsync(Quick with { Retention = Retention, SnapshotFolder = notAFolder }));
        world.Time.PutForward(Retention * 2);

        var failures = new List<string>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await Should.ThrowAsync<OperationCanceledException>(() => world.Runner.RunAsync(rollout.Id, new()
        {
            OnFailure = (failure, _) =>
            {
                failures.Add(failure.Message);
                stop.Cancel();
            },
        }, stop.Token));

        failures.ShouldHaveSingleItem().ShouldContain(notAFolder);
        (await world.Qdrant.ExistsAsync(rollout.Blue, Cancellation)).ShouldBeTrue();
        (await world.FindAsync(rollout)).ShouldSatisfyAllConditions(
            now => now.Retiring.ShouldBeFalse("it can still be gone back to"),
            now => now.LastFailure!.Message.ShouldContain("cannot be written"));
    }

    private static async Task<Rollout> RetiredAsync(RolloutWorld world, Rollout rollout)
    {
        world.Time.PutForward(Retention * 2);
        return await world.RunAsync(rollout, _ => world.FindAsync(rollout).GetAwaiter().GetResult().RetiredAt is not null);
    }
}
