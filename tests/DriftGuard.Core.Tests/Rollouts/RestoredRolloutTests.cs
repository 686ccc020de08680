using DriftGuard.Core.Rollouts;
using static DriftGuard.Core.Tests.Rollouts.RolloutExample;

namespace DriftGuard.Core.Tests.Rollouts;

/// <summary>A rollout whose record is older than Qdrant, since the state was restored from a backup.</summary>
public sealed class RestoredRolloutTests
{
    private static readonly EpochToken Later = new("docs", 8, "later");

    public static TheoryData<string, RolloutObservation, RolloutPhase, RolloutAction, string> Table => new()
    {
        { "before the cutover everything is compared once more", See(Restored(Judged())), RolloutPhase.CatchingUp, RolloutAction.RunCatchUpPass, RolloutReason.Progressing },
        { "then the gate is evaluated again, whatever it said", See(Restored(Judged()) with { LastPass = Pass(Start.AddMinutes(2)) }, Start.AddMinutes(3)), RolloutPhase.Evaluating, RolloutAction.Evaluate, RolloutReason.Progressing },
        { "in the soak too", See(Restored(CutOver()), Start.AddMinutes(6)) with { Requests = new() { Rollback = true } }, RolloutPhase.RollingBack, RolloutAction.RunReversePass, RolloutReason.RollbackRequested },
        { "a fence that strict mode may have raised meanwhile is lowered", See(Restored(Judged(settings: new() { Fence = FenceMode.StrictMode }))), RolloutPhase.CatchingUp, RolloutAction.LowerFence, RolloutReason.Progressing },
        { "a cutover after the backup is taken over", Switched(Restored(Judged()), Later, Green), RolloutPhase.CuttingOver, RolloutAction.TakeOverSwitch, RolloutReason.StateRestored },
        { "also under a fence that nobody recorded", Switched(Restored(Judged()), Later, Green) with { Fence = new() { HeldBy = "nonce" } }, RolloutPhase.CuttingOver, RolloutAction.TakeOverSwitch, RolloutReason.StateRestored },
        { "and then confirmed", Switched(TakenOver(Restored(Judged())), Later, Green), RolloutPhase.CuttingOver, RolloutAction.ConfirmSwitch, RolloutReason.Progressing },
        { "so is a rollback", Switched(Restored(CutOver()), Later with { Epoch = 9 }, Blue), RolloutPhase.RollingBack, RolloutAction.TakeOverSwitch, RolloutReason.StateRestored },
        { "so is the end of a switch that was made impossible", Switched(Restored(Judged()), Token.Abort(), Blue), RolloutPhase.Planned, RolloutAction.TakeOverSwitch, RolloutReason.StateRestored },
        { "a switch there and back is none of this rollout any more", Switched(Restored(Judged()), Later with { Epoch = 9 }, Blue), RolloutPhase.Planned, RolloutAction.RemoveGreen, RolloutReason.Superseded },
        { "nor is one to another collection", Switched(Restored(Judged()), Later, "docs-cc"), RolloutPhase.Planned, RolloutAction.RemoveGreen, RolloutReason.Superseded },
        { "without a restore green that serves is left alone, and people are told", Switched(Judged(), Later, Green), RolloutPhase.Paused, RolloutAction.Wait, RolloutReason.SwitchNotOnRecord },
        { "a rollback that was found says so", See(Restored(Judged()) with { Switch = Found(Side.Blue), ExpectedToken = Later }) with { Tokens = [new(Later, Blue)] }, RolloutPhase.RolledBack, RolloutAction.Wait, RolloutReason.StateRestored },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void It_goes_on_from_what_Qdrant_shows(string rule, RolloutObservation seen, RolloutPhase phase, RolloutAction action, string reason)
    {
        var decision = RolloutDecider.Decide(seen);

        (decision.Phase, decision.Action, decision.Reason).ShouldBe((phase, action, reason), rule);
    }

    [Fact]
    public void The_first_pass_compares_everything_and_holds_nothing_against_an_outbox_that_lags()
    {
        var before = Judged(settings: new() { Fence = FenceMode.Gateway }) with { LastPass = Pass(Start) with { FinishedAt = Start.AddMinutes(1) } };
        var fence = WriteFence.New(FenceKind.Gateway, Blue, Start);
        var held = new FenceSeen { HeldBy = fence.Nonce };
        CatchUpPass.Begin(See(before with { Fence = fence }) with { Fence = held }, null, false, Start.AddMinutes(2)).ByOutbox.ShouldBeTrue("or this test shows nothing");

        var first = CatchUpPass.Begin(See(Restored(before) with { Fence = fence }) with { Fence = held }, null, false, Start.AddMinutes(2));
        (first.ByOutbox, first.ChangesSince, first.OutboxLags).ShouldBe((false, null, true));

        var second = CatchUpPass.Begin(See(Restored(before) with { LastPass = first with { FinishedAt = Start.AddMinutes(3) }, Fence = fence }) with { Fence = held }, null, false, Start.AddMinutes(4));
        (second.ByOutbox, second.OutboxLags).ShouldBe((true, false));
    }

    [Fact]
    public void What_was_written_past_DriftGuard_before_the_backup_is_not_forgotten()
    {
        var rollout = RestoredState.Apply(Restored(Judged() with { LastPass = Pass(Start) with { Untold = 3 } }), Start, Start.AddMinutes(2));

        CatchUpPass.Begin(See(rollout), null, false, Start.AddMinutes(3)).Untold.ShouldBe(3, "also where it is restored twice");
    }

    [Fact]
    public void The_outlook_names_what_becomes_of_it()
    {
        var rollout = Restored(Judged());

        RestoredState.Outlook(rollout, Blue, new(Token, Blue)).ShouldContain("compared in full, and its gate is evaluated and approved anew");
        RestoredState.Outlook(Restored(CutOver()), Green, new(CutOver().ExpectedToken, Green)).ShouldContain("goes on in its soak");
        RestoredState.Outlook(rollout, Green, new(Later, Green)).ShouldContain($"switched to {Green} after the backup: that is taken over");
        RestoredState.Outlook(rollout, "docs-cc", new(Later, "docs-cc")).ShouldContain("it ends");
        RestoredState.Outlook(rollout, null, null).ShouldContain("until Qdrant is restored");
        RestoredState.Outlook(rollout with { EndedAt = Start }, Blue, new(Token, Blue)).ShouldContain("it has ended");
    }

    private static Rollout Restored(Rollout rollout) => RestoredState.Apply(rollout, Start, Start.AddMinutes(1));

    private static SwitchAttempt Found(Side to) => new(to, Token, Later, Start, to == Side.Green ? SwitchOutcome.Unknown : SwitchOutcome.Applied) { Found = true };

    private static Rollout TakenOver(Rollout rollout) => rollout with { Switch = Found(Side.Green) };

    private static RolloutObservation Switched(Rollout rollout, EpochToken token, string target) => See(rollout) with { Tokens = [new(token, target)], IndexTarget = target };
}
