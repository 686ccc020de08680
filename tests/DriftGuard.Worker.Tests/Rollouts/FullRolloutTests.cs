using DriftGuard.Core.Rollouts;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Rollouts;

/// <summary>Rollouts from start to end against a real server, real state and the engine's own registrations.</summary>
public sealed class FullRolloutTests
{
    [Fact]
    public async Task A_corpus_nobody_writes_to_is_changed_over_exactly()
    {
        await using var world = await WithCorpusAsync(2_000);

        var rollout = await world.RunAsync(await world.StartAsync(Quick with { Preflight = true }));

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        rollout.Guarantee!.Exact.ShouldBeTrue(rollout.Guarantee.Message);
        (await world.ServedByAsync()).ShouldBe(rollout.Green);
        (await world.AliasesAsync()).Keys.Order(StringComparer.Ordinal).ShouldBe([IndexName, "docs-write", rollout.ExpectedToken.AliasName], ignoreOrder: true);
        await world.ShouldMirrorAsync(rollout.Green, rollout.Blue, world.New);
    }

    [Fact]
    public async Task Writes_during_the_rollout_reach_green_and_are_exact_where_none_came_after_the_last_pass()
    {
        await using var world = await WithCorpusAsync();
        var written = new HashSet<RolloutPhase>();

        var rollout = await world.RunAsync(await world.StartAsync(), onDecision: decision =>
        {
            if (decision.Phase is RolloutPhase.Copying or RolloutPhase.CatchingUp && written.Add(decision.Phase))
            {
                WriteAsync(world, 1_000 + written.Count, 200 + 10 * written.Count).GetAwaiter().GetResult();
            }
        });

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        written.Count.ShouldBe(2);
        rollout.Guarantee!.Exact.ShouldBeTrue(rollout.Guarantee.Message);
        await world.ShouldMirrorAsync(rollout.Green, rollout.Blue, world.New);
    }

    [Fact]
    public async Task A_text_that_cannot_be_embedded_blocks_the_gate_until_it_is_mended()
    {
        await using var world = await WithCorpusAsync();
        await world.SetAsync(300, "text", $"an {HashEmbedder.Unembeddable} text");

        var rollout = await world.RunAsync(await world.StartAsync(), d => d.Phase == RolloutPhase.Paused || d.Phase.IsEnd());

        rollout.Reason.ShouldBe(RolloutReason.GateBlocked, rollout.Message);
        rollout.Message.ShouldContain(HashEmbedder.Refusal);
        (await world.State.ParkedAsync(rollout.Id, Cancellation)).Single().ShouldSatisfyAllConditions(
            p => p.PointId.ShouldBe("300"),
            p => p.Reason.ShouldBe(HashEmbedder.Refusal));

        await world.SetAsync(300, "text", "a text that was mended");
        await world.AskAsync(rollout, RequestKind.Resume);
        rollout = await world.RunAsync(rollout);

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        (await world.State.ParkedAsync(rollout.Id, Cancellation)).ShouldBeEmpty();
        await world.ShouldMirrorAsync(rollout.Green, rollout.Blue, world.New);
    }

    [Fact]
    public async Task Texts_that_the_token_limit_cuts_are_counted_in_the_gate_report()
    {
        await using var world = await WithCorpusAsync();
        await world.SetAsync(300, "text", $"an {HashEmbedder.OverLong} text");
        await world.SetAsync(301, "text", $"another {HashEmbedder.OverLong} text");

        var rollout = await world.RunAsync(await world.StartAsync());

        var complete = (await world.ReportAsync(rollout)).Gate!.Rows.Single(row => row.Condition == "complete");
        complete.Figures["truncated"].ShouldBe(2);
        complete.Message.ShouldContain("2 text(s) are longer than the new model's token limit");
    }

    [Fact]
    public async Task A_text_that_breaks_after_the_gate_passed_does_not_reach_the_cutover()
    {
        await using var world = await WithCorpusAsync();
        var rollout = await world.RunAsync(await world.StartAsync(Quick with { RequireApproval = true }), d => d.Phase == RolloutPhase.AwaitingApproval);

        await world.SetAsync(300, "text", $"an {HashEmbedder.Unembeddable} text");
        await world.AskAsync(rollout, RequestKind.Approve);
        rollout = await world.RunAsync(rollout, d => d.Phase == RolloutPhase.Paused || d.Phase.IsEnd());

        rollout.Reason.ShouldBe(RolloutReason.GateBlocked, rollout.Message);
        (await world.ServedByAsync()).ShouldBe(rollout.Blue);
    }

    [Fact]
    public async Task A_server_that_goes_away_and_comes_back_costs_only_time()
    {
        await using var world = await WithCorpusAsync(2_000);
        var (stopped, failures) = (false, 0);

        var rollout = await world.RunAsync(
            await world.StartAsync(),
            onDecision: decision =>
            {
                if (decision.Phase == RolloutPhase.Copying && !stopped)
                {
                    stopped = true;
                    world.StopServerAsync().GetAwaiter().GetResult();
                }
            },
            onFailure: _ =>
            {
                if (++failures == 1)
                {
                    world.StartServerAgainAsync().GetAwaiter().GetResult();
                }
            });

        failures.ShouldBeGreaterThan(0);
        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        await world.ShouldMirrorAsync(rollout.Green, rollout.Blue, world.New);
    }

    [Fact]
    public async Task The_old_collection_goes_after_its_retention_and_never_while_an_alias_points_to_it()
    {
        await using var world = await WithCorpusAsync();
        var rollout = await world.RunAsync(await world.StartAsync());
        await world.Qdrant.ChangeAliasesAsync([new Qdrant.AliasChange.Create("somebodys", rollout.Blue)], Cancellation);

        world.Time.PutForward(rollout.Settings.Retention + TimeSpan.FromMinutes(1));
        await world.RunAsync(rollout, _ => true);
        (await world.Qdrant.ExistsAsync(rollout.Blue, Cancellation)).ShouldBeTrue();

        await world.Qdrant.ChangeAliasesAsync([new Qdrant.AliasChange.Delete("somebodys")], Cancellation);
        await world.RunAsync(rollout, _ => false);
        (await world.Qdrant.ExistsAsync(rollout.Blue, Cancellation)).ShouldBeFalse();
        (await world.State.UnfinishedRolloutsAsync(Cancellation)).ShouldBeEmpty("nothing is left to look after");
    }

    private static async Task WriteAsync(RolloutWorld world, int added, int first)
    {
        await world.UpsertAsync(added, TextOf(added), world.Old);
        await world.UpsertAsync(first, $"another text for document {first}", world.Old);
        await world.SetAsync(first + 1, "text", $"edited text of document {first + 1}");
        await world.SetAsync(first + 2, "tag", "urgent");
        await world.DeleteAsync(first + 3);
    }
}
