using DriftGuard.Core.Rollouts;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Rollouts.Cluster;

/// <summary>A switch is done when every peer of Qdrant says so, and until then nothing is retired.</summary>
public sealed class PeerConfirmationTests
{
    private const int Peers = 3;
    private const int Last = Peers - 1;

    [Fact]
    public async Task A_switch_that_every_peer_has_seen_is_exact()
    {
        await using var world = await WithCorpusAsync(peers: Peers);

        var rollout = await world.RunAsync(await world.StartAsync());

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        rollout.PeersBehind.ShouldBeNull();
        rollout.PeersLookedAt.ShouldNotBeNull();
        rollout.Guarantee!.Exact.ShouldBeTrue(rollout.Guarantee.Message);
    }

    [Fact]
    public async Task A_peer_that_lags_for_a_moment_is_waited_for_and_writes_stay_held()
    {
        await using var world = await WithCorpusAsync(peers: Peers);
        var failures = new List<string>();
        var rollout = await world.RunAsync(await world.StartAsync(), decision => decision.Action == RolloutAction.RaiseFence);
        world.Peers!.FallBehind(Last, await world.AliasesAsync());

        rollout = await world.RunAsync(rollout, onFailure: failure =>
        {
            failures.Add(failure.Message);
            world.AliasesAsync().GetAwaiter().GetResult().ShouldNotContainKey("docs-write");
            world.Peers.CatchUp(Last);
        });

        failures.ShouldHaveSingleItem().ShouldContain($"{world.Peers.Address(Last)} still has 'docs' on {rollout.Blue}");
        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        rollout.Guarantee!.Exact.ShouldBeTrue(rollout.Guarantee.Message);
    }

    [Fact]
    public async Task A_peer_that_stays_behind_holds_nobody_for_ever_and_keeps_the_old_collection()
    {
        await using var world = await WithCorpusAsync(peers: Peers);
        var settings = Quick with { FenceLimit = TimeSpan.FromSeconds(1), Retention = TimeSpan.FromSeconds(1) };
        var rollout = await world.RunAsync(await world.StartAsync(settings), decision => decision.Action == RolloutAction.RaiseFence);
        world.Peers!.FallBehind(1, await world.AliasesAsync());
        world.Peers.CutOff(Last);

        rollout = await world.RunAsync(rollout);

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        rollout.PeersBehind!.ShouldContain($"{world.Peers.Address(1)} still has 'docs' on {rollout.Blue}");
        rollout.PeersBehind!.ShouldContain($"{world.Peers.Address(Last)} has no answer");
        rollout.Guarantee!.Exact.ShouldBeFalse();
        rollout.Guarantee.Message.ShouldContain(world.Peers.Address(1).ToString());
        (await world.AliasesAsync())["docs-write"].ShouldBe(rollout.Green, "writes go on");

        world.Time.PutForward(TimeSpan.FromMinutes(1));
        rollout = await world.RunAsync(rollout, decision => decision.Action == RolloutAction.Wait);
        (await world.Qdrant.ExistsAsync(rollout.Blue, Cancellation)).ShouldBeTrue();
        rollout.Message.ShouldContain("not every peer of Qdrant has seen the switch");

        world.Peers.CatchUp(1);
        world.Peers.CutOff(Last, cutOff: false);
        world.Time.PutForward(TimeSpan.FromMinutes(1));
        rollout = await world.RunAsync(rollout, decision => decision.Action == RolloutAction.RetireCollection);
        rollout.PeersBehind.ShouldBeNull();
        rollout.Guarantee!.Message.ShouldEndWith("every peer has seen the switch since");
        (await world.Qdrant.ExistsAsync(rollout.Blue, Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task The_index_is_ready_when_every_peer_says_so()
    {
        await using var world = await WithCorpusAsync(peers: Peers);
        var rollout = await world.RunAsync(await world.StartAsync(), decision => decision.Phase == RolloutPhase.CatchingUp);
        world.Peers!.Recover(Last);

        rollout = await world.RunAsync(rollout, decision => decision is { Phase: RolloutPhase.Indexing, Action: RolloutAction.Wait });
        rollout.Message.ShouldContain($"{world.Peers.Address(Last)}: not all replicas");
        world.Peers.Recover(Last, recovers: false);
        world.Peers.CutOff(1);
        rollout = await world.RunAsync(rollout, decision => decision.Message.Contains("has no answer", StringComparison.Ordinal));
        rollout.Message.ShouldContain(world.Peers.Address(1).ToString());
        world.Peers.CutOff(1, cutOff: false);

        (await world.RunAsync(rollout)).Phase.ShouldBe(RolloutPhase.Completed);
    }

    [Fact]
    public async Task Where_a_peer_has_no_answer_nothing_is_begun()
    {
        await using var world = await WithCorpusAsync(peers: Peers);
        world.Peers!.CutOff(Last);

        (await Should.ThrowAsync<OperatorException>(() => world.StartAsync())).Message.ShouldContain($"the peer of Qdrant at {world.Peers.Address(Last)} has no answer");
    }

    [Fact]
    public async Task Where_a_peer_is_too_old_nothing_is_begun()
    {
        await using var world = await WithCorpusAsync(peers: Peers);
        world.Peers!.BeOf(1, "1.16.3");

        (await Should.ThrowAsync<OperatorException>(() => world.StartAsync())).Message.ShouldContain($"the peer of Qdrant at {world.Peers.Address(1)} is 1.16.3");
    }
}
