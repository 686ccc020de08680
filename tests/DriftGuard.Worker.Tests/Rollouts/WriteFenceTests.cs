using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Rollouts;

/// <summary>Writers that never stop, around a cutover and the way back.</summary>
public sealed class WriteFenceTests
{
    private const string WriteAlias = "docs-write";
    private const int Documents = 200;

    [Theory]
    [InlineData(FenceMode.Auto)]
    [InlineData(FenceMode.StrictMode)]
    public async Task Writers_lose_nothing_at_a_cutover_nor_on_the_way_back(FenceMode mode)
    {
        await using var world = await WithCorpusAsync();
        await using var writers = Writers.Start(world, 2, through: WriteAlias);

        var rollout = await world.RunToSoakAsync(Quick with { Fence = mode });
        rollout.Serving.ShouldBe(Side.Green, rollout.Message);
        var there = rollout.Guarantee!;
        writers.SwitchTo(world.New);
        await Task.Delay(200, Cancellation);

        await world.AskAsync(rollout, RequestKind.Rollback);
        rollout = await world.RunAsync(rollout);
        await writers.DisposeAsync();

        rollout.Phase.ShouldBe(RolloutPhase.RolledBack, rollout.Message);
        there.Exact.ShouldBeTrue(there.Message);
        rollout.Guarantee!.Exact.ShouldBeTrue(rollout.Guarantee.Message);
        writers.Held.ShouldBeGreaterThan(0, "no write met the fence");
        await writers.ShouldHaveLostNothingAsync(rollout.Blue);
        (await world.AliasesAsync()).Count.ShouldBe(3, "no alias of a fence is left");
        (await world.AliasesAsync())[WriteAlias].ShouldBe(rollout.Blue);
    }

    [Fact]
    public async Task An_edit_in_two_calls_that_the_cutover_falls_between_is_whole_after_the_way_back()
    {
        await using var world = await WithoutIndexAsync();
        await world.AdoptAsync(Documents);
        var text = "";
        var rollout = await world.RunAsync(
            await world.StartAsync(Quick with { Soak = TimeSpan.FromHours(1) }), decision => decision is { Phase: RolloutPhase.Soaking, Action: RolloutAction.Wait }, decision =>
            {
                if (decision.Action == RolloutAction.Evaluate)
                    world.SetAsync(WriteAlias, 7, "text", text = "an edited text").GetAwaiter().GetResult();
            });
        text.ShouldNotBeEmpty();
        rollout.Serving.ShouldBe(Side.Green, rollout.Message);
        await world.SetVectorAsync(WriteAlias, 7, world.New.VectorOf(text));

        await world.AskAsync(rollout, RequestKind.Rollback);
        rollout = await world.RunAsync(rollout);

        rollout.Phase.ShouldBe(RolloutPhase.RolledBack, rollout.Message);
        rollout.Guarantee!.Exact.ShouldBeTrue(rollout.Guarantee.Message);
        var after = await world.ReadAsync(rollout.Blue);
        after["7"].Vector.ShouldBe(world.Old.VectorOf(text));
        after.Count(p => p.Value.Stamp is not null).ShouldBe(1, "what nobody changed stays as it is");
    }

    [Fact]
    public async Task Writers_that_pass_by_the_fence_keep_the_rollout_from_switching_and_others_are_not_held_for_long()
    {
        await using var world = await WithCorpusAsync();
        var planned = await world.StartAsync(Quick with { FenceLimit = TimeSpan.FromSeconds(2) });
        await using var writers = Writers.Start(world, 2, through: planned.Blue);

        var rollout = await world.RunAsync(planned, d => d.Phase.IsEnd() || (d.Reason == RolloutReason.FenceTooLong && d.Action == RolloutAction.Wait));

        rollout.Serving.ShouldBe(Side.Blue);
        rollout.FencesLowered.ShouldBe(1);
        (await world.AliasesAsync())[WriteAlias].ShouldBe(rollout.Blue);
    }

    [Fact]
    public async Task Under_writers_that_never_stop_and_know_no_fence_the_report_says_best_effort()
    {
        await using var world = await WithCorpusAsync();
        await using var writers = Writers.Start(world, 2, through: IndexName);

        var rollout = await world.RunAsync(await world.StartAsync(Quick with { Fence = FenceMode.None }));

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        rollout.Guarantee!.Exact.ShouldBeFalse();
        rollout.Guarantee.Message.ShouldStartWith("best effort");
        (await world.AliasesAsync())[WriteAlias].ShouldBe(rollout.Green, "the write alias moves with the index");
    }

    [Fact]
    public async Task A_pause_under_the_fence_lets_writers_go_on()
    {
        await using var world = await WithCorpusAsync();
        var asked = false;
        var planned = await world.StartAsync();

        var rollout = await world.RunAsync(planned, d => d.Phase == RolloutPhase.Paused && d.Action == RolloutAction.Wait, decision =>
        {
            if (decision.Action == RolloutAction.RaiseFence && !asked)
            {
                asked = true;
                world.AskAsync(planned, RequestKind.Pause).GetAwaiter().GetResult();
            }
        });

        asked.ShouldBeTrue();
        rollout.Fence.ShouldBeNull();
        (await world.AliasesAsync())[WriteAlias].ShouldBe(rollout.Blue);
    }

    [Fact]
    public async Task A_fence_that_was_raised_by_a_late_call_is_lowered()
    {
        await using var world = await WithCorpusAsync();
        var rollout = await world.RunToSoakAsync(Quick);
        await world.Qdrant.ChangeAliasesAsync([new AliasChange.Rename(WriteAlias, "docs.fence.late"), new AliasChange.Create("docs.sync", rollout.Blue)], Cancellation);

        rollout = await world.RunAsync(rollout, d => d.Action == RolloutAction.Wait);

        (await world.AliasesAsync()).ShouldSatisfyAllConditions(
            aliases => aliases[WriteAlias].ShouldBe(rollout.Green),
            aliases => aliases.Count.ShouldBe(3));
    }
}
