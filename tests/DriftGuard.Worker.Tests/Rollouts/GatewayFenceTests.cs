using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Rollouts;

/// <summary>Writes through DriftGuard: held by every fence, and told of by the outbox.</summary>
public sealed class GatewayFenceTests
{
    private const int Documents = 400;

    [Theory]
    [InlineData(FenceMode.Gateway)]
    [InlineData(FenceMode.Auto)]
    [InlineData(FenceMode.StrictMode)]
    public async Task Writers_lose_nothing_at_a_cutover_nor_on_the_way_back(FenceMode mode)
    {
        await using var world = await WithCorpusAsync(Documents);
        await using var writers = Writers.ThroughDriftGuard(world, 2);

        var rollout = await world.RunToSoakAsync(Quick with { Fence = mode });
        rollout.Serving.ShouldBe(Side.Green, rollout.Message);
        var there = rollout.Guarantee!;
        await Task.Delay(200, Cancellation);

        await world.AskAsync(rollout, RequestKind.Rollback);
        rollout = await world.RunAsync(rollout);
        await writers.DisposeAsync();

        rollout.Phase.ShouldBe(RolloutPhase.RolledBack, rollout.Message);
        there.Exact.ShouldBeTrue(there.Message);
        rollout.Guarantee!.Exact.ShouldBeTrue(rollout.Guarantee.Message);
        await writers.ShouldHaveLostNothingAsync(rollout.Blue);
        (await world.State.WriteTrafficAsync(IndexName, Cancellation)).ShouldBe(default, "writes go on");
    }

    [Fact]
    public async Task What_was_written_after_a_long_pass_is_found_by_the_outbox_alone()
    {
        await using var world = await WithCorpusAsync(Documents);
        var rollout = await BeforeTheFenceAsync(world);

        await world.WriteAsync(5, "an edited text");
        await world.WriteAsync(7, null);
        await world.WriteAsync(Documents + 1, "a new text");
        await world.WriteAsync(Documents + 2, "a text that goes again");
        await world.WriteAsync(Documents + 2, null);
        (rollout, var passes) = await world.RunWithPassesAsync(rollout);

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        await world.ShouldMirrorAsync(rollout.Green, rollout.Blue, world.New);
        passes.ShouldAllBe(pass => pass.ByOutbox);
        passes[0].ShouldSatisfyAllConditions(
            pass => pass.Compared.ShouldBe(4),
            pass => pass.Embedded.ShouldBe(2),
            pass => pass.Deleted.ShouldBe(1));
        passes[1].Compared.ShouldBe(3, "what differed is looked at once more");
        rollout.LastPass!.FoundNothing.ShouldBeTrue();
        rollout.Guarantee!.Exact.ShouldBeTrue(rollout.Guarantee.Message);
        rollout.Guarantee.Message.ShouldContain("outbox");
        (await world.State.CountDirtyAsync(IndexName, Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task Where_something_is_written_past_DriftGuard_the_outbox_is_not_relied_on()
    {
        await using var world = await WithCorpusAsync(Documents);
        var written = false;
        var rollout = await BeforeTheFenceAsync(world, decision =>
        {
            if (decision.Phase == RolloutPhase.CatchingUp && !written)
            {
                written = true;
                world.SetAsync(5, "text", "a text that was edited in Qdrant itself").GetAwaiter().GetResult();
            }
        });

        rollout = await world.RunAsync(rollout);

        written.ShouldBeTrue();
        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        rollout.LastPass!.Untold.ShouldBe(1);
        rollout.LastPass.ByOutbox.ShouldBeFalse();
        await world.ShouldMirrorAsync(rollout.Green, rollout.Blue, world.New);
    }

    [Fact]
    public async Task A_write_of_which_nobody_says_that_it_is_done_is_waited_out()
    {
        await using var world = await WithCorpusAsync(Documents);
        var rollout = await BeforeTheFenceAsync(world);
        var until = TimeSpan.FromSeconds(3);
        var began = world.Time.GetTimestamp();
        await world.State.MarkDirtyAsync(IndexName, ["5"], WriteKind.Put, until, Cancellation);

        rollout = await world.RunAsync(rollout, decision => decision.Action == RolloutAction.SwitchToGreen);

        world.Time.GetElapsedTime(began).ShouldBeGreaterThan(until);
        rollout.LastPass!.FoundNothing.ShouldBeTrue();
    }

    [Fact]
    public async Task A_deletion_waits_for_an_earlier_write_that_may_still_bring_the_point_back()
    {
        await using var world = await WithCorpusAsync(Documents);
        var until = TimeSpan.FromSeconds(2);
        var began = world.Time.GetTimestamp();
        await world.State.MarkDirtyAsync(IndexName, ["5"], WriteKind.Put, until, Cancellation);

        await world.WriteAsync(5, "a later text");
        await world.WriteAsync(5, null);

        world.Time.GetElapsedTime(began).ShouldBeGreaterThan(until);
        (await world.ReadAsync(await world.ServedByAsync())).ShouldNotContainKey("5");
    }

    [Fact]
    public async Task A_write_that_is_refused_is_not_waited_for()
    {
        await using var world = await WithCorpusAsync(Documents);
        var wrong = new HashEmbedder("old", world.Old.Spec.Dimensions + 1);

        await Should.ThrowAsync<Exception>(() => world.WriteAsync(5, "a vector of another size", wrong));

        (await world.State.WriteTrafficAsync(IndexName, Cancellation)).UnderWay.ShouldBeFalse();
        (await world.ReadAsync(await world.ServedByAsync()))["5"].Payload.ShouldContain(TextOf(5));
    }

    [Fact]
    public async Task While_the_fence_is_up_a_write_waits_and_then_reaches_what_serves()
    {
        await using var world = await WithCorpusAsync(Documents);
        var rollout = await world.RunAsync(await world.StartAsync(Quick with { Fence = FenceMode.Gateway }), decision => decision.Action == RolloutAction.RaiseFence);
        var writing = world.WriteAsync(5, "a text that comes too late for the old collection");
        await Task.Delay(100, Cancellation);
        writing.IsCompleted.ShouldBeFalse();

        rollout = await world.RunAsync(rollout);

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        (await Should.ThrowAsync<OperatorException>(() => writing)).Message.ShouldContain("nothing was written");
        (await world.ReadAsync(rollout.Blue))["5"].Payload.ShouldContain(TextOf(5));
        await world.WriteAsync(5, "now it does not");
        (await world.ReadAsync(rollout.Green))["5"].Payload.ShouldContain("now it does not");
    }

    /// <summary>A rollout right before its fence, whose passes took longer than one may under it.</summary>
    private static async Task<Rollout> BeforeTheFenceAsync(RolloutWorld world, Action<RolloutDecision>? onDecision = null)
    {
        var rollout = await world.RunAsync(
            await world.StartAsync(Quick with { Fence = FenceMode.Gateway, RequireApproval = true }), decision => decision.Phase == RolloutPhase.AwaitingApproval, onDecision);
        await world.AskAsync(rollout, RequestKind.Approve);
        rollout = await world.RunAsync(rollout, decision => decision is { Phase: RolloutPhase.CuttingOver, Action: RolloutAction.RunCatchUpPass });
        await world.LastPassTookAsync(rollout, rollout.Settings.FenceLimit / 2);
        return rollout;
    }
}
