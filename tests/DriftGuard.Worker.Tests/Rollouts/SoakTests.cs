using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Statistics;
using DriftGuard.State;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Rollouts;

/// <summary>While the new collection is watched the old one is kept current, and live searches are judged beside the calibration set.</summary>
public sealed class SoakTests
{
    private const int Documents = 400;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly RolloutSettings Watched = Quick with { SoakCheckInterval = Interval, Fence = FenceMode.Gateway };

    [Fact]
    public async Task What_is_written_meanwhile_reaches_the_old_collection_as_well()
    {
        await using var world = await WithCorpusAsync(Documents);
        var rollout = await world.RunToSoakAsync(Watched);

        await world.WriteAsync(5, "an edited text");
        await world.WriteAsync(7, null);
        await world.WriteAsync(Documents + 1, "a new text");
        rollout = await world.RunAsync(rollout, _ => IsCleanAsync(world).GetAwaiter().GetResult());

        rollout.Phase.ShouldBe(RolloutPhase.Soaking, rollout.Message);
        await world.ShouldMirrorAsync(rollout.Blue, rollout.Green, world.Old);
        rollout.LastPass!.Source.ShouldBe(Side.Blue, "nothing else was compared");
    }

    [Fact]
    public async Task What_is_written_past_DriftGuard_reaches_it_with_the_next_comparison_of_everything()
    {
        await using var world = await WithCorpusAsync(Documents);
        var rollout = await world.RunToSoakAsync(Watched);

        await world.UpsertAsync(5, "a text that was written to Qdrant itself", world.New);
        await world.DeleteAsync(7);
        world.Time.PutForward(Interval * 2);
        rollout = await world.RunAsync(rollout, decision => decision.Action == RolloutAction.RunReversePass);

        rollout.Phase.ShouldBe(RolloutPhase.Soaking, rollout.Message);
        rollout.LastPass.ShouldSatisfyAllConditions(
            pass => pass!.KeepsCurrent.ShouldBeTrue(),
            pass => pass!.Changes.ShouldBe(2),
            pass => pass!.Untold.ShouldBe(2, "the outbox knows of none"));
        await world.ShouldMirrorAsync(rollout.Blue, rollout.Green, world.Old);
    }

    [Fact]
    public async Task A_text_that_the_old_model_cannot_embed_is_parked_and_holds_up_nothing_else()
    {
        await using var world = await WithCorpusAsync(Documents);
        var rollout = await world.RunToSoakAsync(Watched);

        var mark = await world.State.MarkDirtyAsync(IndexName, ["5"], WriteKind.Put, Interval, Cancellation);
        await world.UpsertAsync(5, HashEmbedder.Unembeddable, world.New);
        await world.State.EndWriteAsync(IndexName, mark.Sequence, Cancellation);
        await world.WriteAsync(6, "an edited text");
        rollout = await world.RunAsync(rollout, decision => decision.Action == RolloutAction.Wait && world.FindAsync(rollout).GetAwaiter().GetResult().LastCarry is { Left: 1 });

        (await world.State.ParkedAsync(rollout.Id, Cancellation)).ShouldHaveSingleItem().PointId.ShouldBe("5");
        var blue = await world.ReadAsync(rollout.Blue);
        blue.ShouldNotContainKey("5", "its predecessor would be found in its place");
        blue["6"].Payload.ShouldContain("an edited text");
    }

    [Theory]
    [InlineData(60, 0, 1.0, "fail")]
    [InlineData(0, 300, 1.0, "find nothing")]
    [InlineData(0, 0, 10.0, "95th percentile")]
    public async Task Searches_that_are_worse_twice_in_a_row_lead_back_and_say_why(int failed, int empty, double slower, string why)
    {
        await using var world = await WithCorpusAsync(Documents);
        await SearchedAsync(world, await world.ServedByAsync(), 3_000);
        world.Time.PutForward(Interval * 2);
        var rollout = await world.RunToSoakAsync(Watched);

        rollout = await LookAsync(world, rollout, 1_000, failed, empty, slower);
        rollout.Phase.ShouldBe(RolloutPhase.Soaking, rollout.Message);
        rollout.LastSoakCheck!.Live!.Worse.ShouldBe(1, rollout.LastSoakCheck.Live.Message);
        rollout.LastSoakCheck.WorseInARow.ShouldBe(0, "the labels are fine");

        rollout = await LookAsync(world, rollout, 1_000, failed, empty, slower);
        rollout.Phase.ShouldBe(RolloutPhase.RolledBack, rollout.Message);
        rollout.Reason.ShouldBe(RolloutReason.SoakBreach);
        rollout.Message.ShouldContain(why);
        (await world.ServedByAsync()).ShouldBe(rollout.Blue);
    }

    [Fact]
    public async Task Searches_as_before_leave_it_where_it_is()
    {
        await using var world = await WithCorpusAsync(Documents);
        await SearchedAsync(world, await world.ServedByAsync(), 3_000, failed: 3, empty: 100);
        world.Time.PutForward(Interval * 2);
        var rollout = await world.RunToSoakAsync(Watched);

        for (var look = 0; look < 3; look++)
        {
            rollout = await LookAsync(world, rollout, 2_500, failed: 2, empty: 90, slower: 1.1);
            rollout.LastSoakCheck!.Live.ShouldSatisfyAllConditions(
                live => live!.Worse.ShouldBe(0, live.Message),
                live => live!.Inconclusive.ShouldBe(0, live.Message));
        }

        rollout.Phase.ShouldBe(RolloutPhase.Soaking, rollout.Message);
    }

    [Fact]
    public async Task A_model_that_is_gone_says_nothing_of_the_labels_and_is_seen_by_the_searches()
    {
        await using var world = await WithCorpusAsync(Documents);
        await SearchedAsync(world, await world.ServedByAsync(), 3_000);
        world.Time.PutForward(Interval * 2);
        var rollout = await world.RunToSoakAsync(Watched);
        world.New.Before = _ => throw new Embedding.EmbeddingProviderException("http://models", "the model is gone");

        rollout = await LookAsync(world, rollout, searches: 0);
        rollout.LastSoakCheck!.ShouldSatisfyAllConditions(
            look => look.Labels!.Inconclusive.ShouldBe(1),
            look => look.Labels!.Message.ShouldContain("the model is gone"),
            look => look.Live!.Inconclusive.ShouldBe(1),
            look => look.Breach.ShouldBeFalse());

        rollout = await LookAsync(world, rollout, 100, failed: 100);
        rollout = await LookAsync(world, rollout, 100, failed: 100);

        rollout.Phase.ShouldBe(RolloutPhase.RolledBack, rollout.Message);
        rollout.LastSoakCheck!.Labels!.Inconclusive.ShouldBe(3);
        rollout.LastSoakCheck.Labels.Worse.ShouldBe(0);
    }

    private static async Task<bool> IsCleanAsync(RolloutWorld world) => await world.State.CountDirtyAsync(IndexName, Cancellation) == 0;

    /// <summary>One look of the soak, at so many searches since the last one.</summary>
    private static async Task<Rollout> LookAsync(RolloutWorld world, Rollout rollout, int searches, int failed = 0, int empty = 0, double slower = 1)
    {
        world.Time.PutForward(Interval);
        await SearchedAsync(world, rollout.Green, searches, failed, empty, slower);
        world.Time.PutForward(Interval);
        var before = (await world.FindAsync(rollout)).LastSoakCheck?.At;
        return await world.RunAsync(rollout, decision =>
            decision.Phase.IsEnd() || (decision.Phase == RolloutPhase.Soaking && world.FindAsync(rollout).GetAwaiter().GetResult().LastSoakCheck is { Breach: false } look && look.At != before));
    }

    /// <summary>As gateways count them.</summary>
    private static async Task SearchedAsync(RolloutWorld world, string collection, int searches, int failed = 0, int empty = 0, double slower = 1)
    {
        var (random, latency) = (new Random(searches), new LatencyHistogram());
        for (var i = 0; i < searches; i++)
        {
            latency.Add(slower * (5 + (10 * random.NextDouble())));
        }

        await world.State.KeepSearchMinutesAsync([new(IndexName, collection, world.Time.GetUtcNow(), new(searches, failed, empty, latency))], Cancellation);
    }
}
