using System.Globalization;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;
using PointId = DriftGuard.Core.Points.PointId;

namespace DriftGuard.Worker.Tests.Rollouts;

/// <summary>Passes under the fence of a corpus that takes long to compare: by the ids, and by what the source says has changed.</summary>
public sealed class ChangePassTests
{
    private const int Documents = 400;
    private const string UpdatedAt = "updated";

    [Fact]
    public async Task What_was_written_after_a_long_pass_is_found_by_ids_and_by_when_it_was_updated()
    {
        await using var world = await WithCorpusAsync(Documents);
        await world.SetSourceAsync(index => index with { Source = new() { UpdatedAt = UpdatedAt } });
        var rollout = await UnderTheFenceAsync(world);

        await EditAsync(world, 5, "text", "an edited text");
        await EditAsync(world, 6, "note", "an edited payload");
        await world.DeleteAsync(7);
        await world.UpsertAsync(Documents + 1, "a new text", world.Old);
        (rollout, var passes) = await world.RunWithPassesAsync(rollout);

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        await world.ShouldMirrorAsync(rollout.Green, rollout.Blue, world.New);
        passes.ShouldAllBe(pass => pass.ChangesSince != null);
        passes[0].ShouldSatisfyAllConditions(
            pass => pass.Compared.ShouldBe(Documents + 1, "ids of both sides"),
            pass => pass.Embedded.ShouldBe(2),
            pass => pass.PayloadOnly.ShouldBe(1),
            pass => pass.Deleted.ShouldBe(1));
        rollout.Guarantee!.Exact.ShouldBeTrue(rollout.Guarantee.Message);
        rollout.Guarantee.Message.ShouldContain("those that changed since");
    }

    [Fact]
    public async Task A_source_that_was_silent_about_a_change_is_not_relied_on()
    {
        await using var world = await WithCorpusAsync(Documents);
        await world.SetSourceAsync(index => index with { Source = new() { UpdatedAt = UpdatedAt } });
        var written = false;
        var rollout = await UnderTheFenceAsync(world, decision =>
        {
            if (decision.Phase == RolloutPhase.CatchingUp && !written)
            {
                written = true;
                world.SetAsync(5, "text", "a text that was edited without a word about when").GetAwaiter().GetResult();
            }
        });

        rollout = await world.RunAsync(rollout);

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        rollout.LastPass!.Untold.ShouldBe(1);
        rollout.LastPass.ChangesSince.ShouldBeNull();
        await world.ShouldMirrorAsync(rollout.Green, rollout.Blue, world.New);
    }

    [Fact]
    public async Task A_corpus_that_was_compared_quickly_is_compared_in_full_under_the_fence_too()
    {
        await using var world = await WithCorpusAsync(Documents);
        await world.SetSourceAsync(index => index with { Source = new() { UpdatedAt = UpdatedAt } });

        var rollout = await world.RunAsync(await world.StartAsync(Quick with { FenceLimit = TimeSpan.FromHours(1) }));

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        rollout.LastPass!.Fence.ShouldNotBeNull();
        rollout.LastPass.ChangesSince.ShouldBeNull();
    }

    /// <summary>A rollout whose fence has just been raised, and whose passes took longer than one may under it.</summary>
    private static async Task<Rollout> UnderTheFenceAsync(RolloutWorld world, Action<RolloutDecision>? onDecision = null)
    {
        var rollout = await world.RunAsync(await world.StartAsync(), decision => decision.Action == RolloutAction.RaiseFence, onDecision);
        rollout.Fence.ShouldNotBeNull();
        await world.LastPassTookAsync(rollout, rollout.Settings.FenceLimit / 2);
        return rollout;
    }

    /// <summary>An application that says when it wrote, and passes by the fence.</summary>
    private static Task EditAsync(RolloutWorld world, int document, string key, string value) => world.Qdrant.SetPayloadAsync(
        IndexName, PointSelection.Of(PointId.FromNumber((ulong)document)), new MapField<string, Value>
        {
            [key] = new() { StringValue = value },
            [UpdatedAt] = new() { StringValue = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture) },
        }, Cancellation);
}
