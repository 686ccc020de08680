using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Rollouts.Steps;
using Microsoft.Extensions.DependencyInjection;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Rollouts;

/// <summary>Without a fence: what reaches the old side after its last pass, and what applications do to the new one meanwhile.</summary>
public sealed class LateWriteMergeTests
{
    private const string Edited = "edited late";
    private const string OnGreen = "written to the new side";

    private static readonly RolloutSettings Unfenced = Quick with { Fence = FenceMode.None };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Late_writes_are_carried_over_and_where_both_sides_were_written_the_new_one_wins(bool honoursUpdateMode)
    {
        await using var world = await WithCorpusAsync();
        var rollout = await RunAsync(world, Unfenced with { BatchSize = 3 }, async confirmed =>
        {
            await world.State.SaveRolloutAsync(confirmed with { HonoursUpdateMode = honoursUpdateMode }, finished: false, Cancellation);
            await WriteLateAsync(world, confirmed);
        });

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        rollout.Guarantee!.Exact.ShouldBeFalse();
        rollout.Guarantee.Message.ShouldStartWith("best effort");
        rollout.Guarantee.Message.ShouldContain($"4 late write(s) to {rollout.Blue} were carried over by the merge after the switch: 2 edited, 1 added, 1 deleted; 1 text(s) could not be embedded");
        await ShouldBeMergedAsync(world, rollout);
        (await world.State.ParkedAsync(rollout.Id, Cancellation)).Single().PointId.ShouldBe("9");
        (await world.State.FindIdSetAsync(rollout.Id, 0, Cancellation)).ShouldBeNull("the ids at the switch are needed no more");
        (await world.State.AuditAsync(IndexName, Cancellation)).ShouldContain(entry => entry.Reason == RolloutReason.MergingLateWrites && entry.Message.Contains(rollout.Blue, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_merge_that_is_run_again_changes_nothing()
    {
        await using var world = await WithCorpusAsync();
        var (pending, ids) = ((Rollout?)null, (byte[]?)null);
        var rollout = await RunAsync(world, Unfenced, async confirmed =>
        {
            (pending, ids) = (confirmed, await world.State.FindIdSetAsync(confirmed.Id, 0, Cancellation));
            await WriteLateAsync(world, confirmed);
        });
        var once = await world.ReadAsync(rollout.Green);

        await world.State.SaveIdSetAsync(rollout.Id, 0, ids!, Cancellation);
        var again = await MergeAsync(world, pending!);

        again.Merge!.Changes.ShouldBe(0);
        Contents(await world.ReadAsync(rollout.Green)).ShouldBe(Contents(once));
    }

    [Fact]
    public async Task What_an_application_deletes_while_a_merge_is_cut_off_does_not_come_back()
    {
        await using var world = await WithCorpusAsync();
        var rollout = await RunAsync(world, Unfenced with { BatchSize = 1 }, async confirmed =>
        {
            await world.UpsertAsync(confirmed.Blue, 500, Edited, world.Old);
            await world.UpsertAsync(confirmed.Blue, 501, Edited, world.Old);
            var calls = 0;
            world.New.Before = _ => ++calls < 2 ? Task.CompletedTask : throw new IOException("cut off");
            await Should.ThrowAsync<IOException>(() => MergeAsync(world, confirmed));
            world.New.Before = null;
            await world.DeleteAsync(confirmed.Green, 500);
        });

        rollout.Merge!.Added.ShouldBe(2);
        var green = await world.ReadAsync(rollout.Green);
        green.ContainsKey("500").ShouldBeFalse("it was deleted once it had been carried over");
        green["501"].Payload.ShouldContain(Edited);
    }

    [Fact]
    public async Task Without_the_ids_of_the_switch_nothing_is_merged_and_the_report_says_so()
    {
        await using var world = await WithCorpusAsync();
        var rollout = await RunAsync(world, Unfenced, async confirmed =>
        {
            await world.State.DeleteIdSetsAsync(confirmed.Id, Cancellation);
            await world.UpsertAsync(confirmed.Blue, 500, Edited, world.Old);
        });

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        rollout.Guarantee!.Message.ShouldContain("were not carried over, since the ids at the switch are not on record any more");
        (await world.ReadAsync(rollout.Green)).ContainsKey("500").ShouldBeFalse();
    }

    [Fact]
    public async Task On_the_way_back_late_writes_are_carried_over_too()
    {
        await using var world = await WithCorpusAsync();
        var rollout = await world.RunAsync(await world.StartAsync(Unfenced with { Soak = TimeSpan.FromSeconds(2) }), d => d.Phase == RolloutPhase.Soaking);
        rollout.Merge!.DoneAt.ShouldNotBeNull();

        await world.AskAsync(rollout, RequestKind.Rollback);
        rollout = await RunAsync(world, rollout, async confirmed =>
        {
            await world.UpsertAsync(confirmed.Green, 500, Edited, world.New);
            await world.UpsertAsync(confirmed.Green, 1, Edited, world.New);
            await world.DeleteAsync(confirmed.Green, 3);
        });

        rollout.Phase.ShouldBe(RolloutPhase.RolledBack, rollout.Message);
        var blue = await world.ReadAsync(rollout.Blue);
        foreach (var document in new[] { "500", "1" })
        {
            ShouldBeCarried(blue[document], Edited, world.Old);
        }

        blue.ContainsKey("3").ShouldBeFalse();
    }

    /// <summary>Writes that reach blue after the last pass, some of them against others that have reached green since the switch.</summary>
    private static async Task WriteLateAsync(RolloutWorld world, Rollout rollout)
    {
        var (blue, green) = (rollout.Blue, rollout.Green);
        await world.UpsertAsync(blue, 1, Edited, world.Old);
        await world.SetAsync(blue, 2, "colour", "red");
        await world.DeleteAsync(blue, 3);
        await world.UpsertAsync(blue, 500, Edited, world.Old);
        await world.UpsertAsync(blue, 9, HashEmbedder.Unembeddable, world.Old);

        await world.UpsertAsync(blue, 4, Edited, world.Old);
        await world.UpsertAsync(green, 4, OnGreen, world.New);
        await world.UpsertAsync(blue, 5, Edited, world.Old);
        await world.DeleteAsync(green, 5);
        await world.DeleteAsync(blue, 6);
        await world.UpsertAsync(green, 6, OnGreen, world.New);
        await world.DeleteAsync(green, 7);
        await world.UpsertAsync(blue, 8, Edited, world.Old);
        await world.SetAsync(green, 8, "colour", "blue");
        await world.UpsertAsync(blue, 501, Edited, world.Old);
        await world.UpsertAsync(green, 501, OnGreen, world.New);
        await world.UpsertAsync(green, 502, OnGreen, world.New);
    }

    private static async Task ShouldBeMergedAsync(RolloutWorld world, Rollout rollout)
    {
        var green = await world.ReadAsync(rollout.Green);
        foreach (var document in new[] { "1", "500" })
        {
            ShouldBeCarried(green[document], Edited, world.New);
        }

        green["2"].Payload.ShouldContain("red");
        ShouldBeCarried(green["2"], TextOf(2), world.New);
        foreach (var document in new[] { "4", "6", "501", "502" })
        {
            green[document].Payload.ShouldContain(OnGreen, customMessage: document);
        }

        green["8"].Payload.ShouldContain("blue");
        green["8"].Payload.ShouldContain(TextOf(8));
        string[] gone = ["3", "5", "7", "9"];
        green.Keys.Intersect(gone).ShouldBeEmpty();
        green.Count.ShouldBe(400 - gone.Length + 3);
    }

    private static void ShouldBeCarried((string Payload, Stamp? Stamp, float[] Vector) point, string text, HashEmbedder model)
    {
        point.Payload.ShouldContain(text);
        point.Stamp.ShouldNotBeNull();
        (point.Stamp.Fingerprint, point.Stamp.ContentHash, point.Stamp.Pending).ShouldBe((model.Fingerprint.Id, ContentHash.Of(text), null));
        VectorSketch.Matches(VectorSketch.Of(point.Vector), VectorSketch.Of(model.VectorOf(text))).ShouldBeTrue("the vector is that of the text");
    }

    private static IEnumerable<(string Id, string Payload, Stamp? Stamp)> Contents(SortedDictionary<string, (string Payload, Stamp? Stamp, float[] Vector)> points) =>
        points.Select(p => (p.Key, p.Value.Payload, p.Value.Stamp));

    private static async Task<Rollout> RunAsync(RolloutWorld world, RolloutSettings settings, Func<Rollout, Task> afterTheSwitch) =>
        await RunAsync(world, await world.StartAsync(settings), afterTheSwitch);

    /// <summary>Runs to the end; a switch that is confirmed, and not merged yet, is handed over first.</summary>
    private static async Task<Rollout> RunAsync(RolloutWorld world, Rollout planned, Func<Rollout, Task> afterTheSwitch) =>
        await world.RunAsync(planned, onDecision: decision =>
        {
            if (decision.Action == RolloutAction.ConfirmSwitch)
            {
                afterTheSwitch(world.FindAsync(planned).GetAwaiter().GetResult()).GetAwaiter().GetResult();
            }
        });

    private static Task<Rollout> MergeAsync(RolloutWorld world, Rollout rollout) => world.Services.GetServices<IRolloutStep>().OfType<MergeLateWritesStep>().Single()
        .RunAsync(new() { Now = world.Time.GetUtcNow(), Rollout = rollout }, Cancellation);
}
