using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Points;
using Microsoft.Extensions.DependencyInjection;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Rollouts;

/// <summary>The state is restored from a backup while Qdrant has gone on: nothing that was written meanwhile is lost or undone.</summary>
public sealed class RestoredStateTests
{
    private const int Documents = 400;

    [Fact]
    public async Task A_rollout_goes_on_and_finds_what_the_restored_outbox_does_not_tell_of()
    {
        await using var world = await WithCorpusAsync(Documents);
        var rollout = await BeforeTheCutoverAsync(world, TimeSpan.Zero);
        var backup = await world.BackUpAsync();
        await world.WriteAsync(5, "an edited text");
        await world.WriteAsync(7, null);
        await world.WriteAsync(Documents + 1, "a new text");

        var report = await world.RestoreAsync(backup);

        report.Rollouts.ShouldHaveSingleItem().Outlook.ShouldContain("compared in full");
        File.Exists(report.Kept).ShouldBeTrue();
        (await world.State.CountDirtyAsync(IndexName, Cancellation)).ShouldBe(0, "or this test shows nothing");
        rollout = await world.RunAsync(rollout, decision => decision.Phase == RolloutPhase.AwaitingApproval);
        rollout.Gate!.At.ShouldBeGreaterThan(rollout.Restored!.At);
        rollout.LastPass!.ShouldSatisfyAllConditions(
            pass => pass.OutboxLags.ShouldBeTrue(),
            pass => pass.Changes.ShouldBe(3),
            pass => pass.Untold.ShouldBe(0, "an outbox that lags is relied on again after it"));

        await world.WriteAsync(9, "written after the restore");
        await world.AskAsync(rollout, RequestKind.Approve);
        rollout = await world.RunAsync(rollout);

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        rollout.Guarantee!.Exact.ShouldBeTrue(rollout.Guarantee.Message);
        await world.ShouldMirrorAsync(rollout.Green, rollout.Blue, world.New);
        var serving = await world.ReadAsync(rollout.Green);
        serving["5"].Payload.ShouldContain("an edited text");
        serving["9"].Payload.ShouldContain("written after the restore");
        serving.ShouldNotContainKey("7");
        serving.ShouldContainKey($"{Documents + 1}");
    }

    [Fact]
    public async Task A_rollout_in_the_middle_of_copying_goes_on_and_loses_no_write_of_writers_before_and_after()
    {
        await using var world = await WithCorpusAsync(Documents);
        await using var before = Writers.ThroughDriftGuard(world, 2);
        var rollout = await world.RunAsync(await world.StartAsync(Quick with { Fence = FenceMode.Gateway }), decision => decision.Action == RolloutAction.CopyPartitions);
        var backup = await world.BackUpAsync();
        rollout = await world.RunAsync(rollout, decision => decision.Phase == RolloutPhase.Indexing);
        await before.DisposeAsync();

        await world.RestoreAsync(backup);
        await before.ShouldHaveLostNothingAsync(rollout.Blue);
        await using var after = Writers.ThroughDriftGuard(world, 2);
        rollout = await world.RunAsync(rollout);
        await after.DisposeAsync();

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        rollout.Guarantee!.Exact.ShouldBeTrue(rollout.Guarantee.Message);
        await after.ShouldHaveLostNothingAsync(rollout.Green);
        (await world.ReadAsync(rollout.Green)).Values.ShouldAllBe(point => point.Stamp!.Fingerprint == world.New.Fingerprint.Id);
    }

    [Fact]
    public async Task A_cutover_after_the_backup_is_taken_over_and_the_way_back_loses_nothing()
    {
        await using var world = await WithCorpusAsync(Documents);
        var rollout = await BeforeTheCutoverAsync(world, TimeSpan.FromHours(1));
        var backup = await world.BackUpAsync();
        await world.AskAsync(rollout, RequestKind.Approve);
        await world.RunAsync(rollout, decision => decision is { Phase: RolloutPhase.Soaking, Action: RolloutAction.Wait });
        (await world.ServedByAsync()).ShouldBe(rollout.Green);
        await world.WriteAsync(5, "written to the new collection");
        await world.WriteAsync(7, null);

        var report = await world.RestoreAsync(backup);

        report.Rollouts.ShouldHaveSingleItem().Outlook.ShouldContain($"switched to {rollout.Green} after the backup: that is taken over");
        (await world.FindAsync(rollout)).Serving.ShouldBe(Side.Blue, "or this test shows nothing");
        rollout = await world.RunAsync(rollout, decision => decision is { Phase: RolloutPhase.Soaking, Action: RolloutAction.Wait });
        (rollout.Serving, rollout.Switch!.Found).ShouldBe((Side.Green, true));
        rollout.Guarantee!.Exact.ShouldBeFalse();
        rollout.Guarantee.Message.ShouldContain("after the backup of");
        (await world.State.AuditAsync(IndexName, Cancellation)).ShouldContain(entry => entry.Reason == RolloutReason.StateRestored && entry.Message.Contains("taking that over", StringComparison.Ordinal));

        await world.AskAsync(rollout, RequestKind.Rollback);
        rollout = await world.RunAsync(rollout);
        rollout.Phase.ShouldBe(RolloutPhase.RolledBack, rollout.Message);
        await world.ShouldMirrorAsync(rollout.Blue, rollout.Green, world.Old);
        var serving = await world.ReadAsync(rollout.Blue);
        serving["5"].Payload.ShouldContain("written to the new collection");
        serving.ShouldNotContainKey("7");
    }

    [Fact]
    public async Task Where_the_state_is_lost_epochs_go_on_above_what_Qdrant_shows_and_no_write_is_taken_for_a_late_one()
    {
        await using var world = await WithCorpusAsync(Documents);
        var backup = await world.BackUpAsync();
        var revisions = world.Services.GetRequiredService<RevisionSource>();
        for (var passes = 0; passes < 40; passes++)
        {
            await revisions.RenewAsync(Cancellation);
            await revisions.NextAsync(Cancellation);
        }

        await world.WriteAsync(5, "the last before the loss");
        var before = await HighestAsync(world);

        var report = await world.RestoreAsync(backup, lost: true);

        report.Kept.ShouldBeNull();
        report.Backup.Manifest.LeaseEpoch.ShouldBeLessThan(before.Epoch, "or this test shows nothing");
        report.LeaseEpoch.ShouldBeGreaterThan(before.Epoch);
        await world.WriteAsync(5, "the first after it");
        var stored = (await world.ReadAsync(await world.ServedByAsync()))["5"];
        stored.Payload.ShouldContain("the first after it");
        stored.Stamp!.Revision.ShouldBeGreaterThan(before);
        (await world.Services.GetRequiredService<RevisionSource>().NextAsync(Cancellation)).ShouldBeGreaterThan(before);
    }

    private static async Task<Revision> HighestAsync(RolloutWorld world) =>
        (await world.ReadAsync(await world.ServedByAsync())).Values.Max(point => point.Stamp!.Revision);

    /// <summary>A rollout whose gate has passed, and whose passes took longer than one may under the fence, so that its outbox would be relied on.</summary>
    private static async Task<Rollout> BeforeTheCutoverAsync(RolloutWorld world, TimeSpan soak)
    {
        var rollout = await world.RunAsync(
            await world.StartAsync(Quick with { Fence = FenceMode.Gateway, RequireApproval = true, Soak = soak }), decision => decision.Phase == RolloutPhase.AwaitingApproval);
        await world.LastPassTookAsync(rollout, rollout.Settings.FenceLimit / 2);
        return rollout;
    }
}
