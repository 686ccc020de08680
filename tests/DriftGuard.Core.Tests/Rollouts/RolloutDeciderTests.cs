using DriftGuard.Core.Gate;
using DriftGuard.Core.Rollouts;
using static DriftGuard.Core.Tests.Rollouts.RolloutExample;

namespace DriftGuard.Core.Tests.Rollouts;

public sealed class RolloutDeciderTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TheoryData<string, RolloutObservation, RolloutPhase, RolloutAction, string> Table => new()
    {
        { "preflight comes first", See(Planned()), RolloutPhase.Preflight, RolloutAction.RunPreflight, RolloutReason.Progressing },
        { "preflight may be left out", See(Planned(new() { Preflight = false })), RolloutPhase.Provisioning, RolloutAction.CreateGreen, RolloutReason.Progressing },
        { "green before partitions", See(Judged() with { PartitionsPlanned = 0 }), RolloutPhase.Provisioning, RolloutAction.PlanPartitions, RolloutReason.Progressing },
        { "copying until every partition is done", See(Judged()) with { PartitionsDone = 3 }, RolloutPhase.Copying, RolloutAction.CopyPartitions, RolloutReason.Progressing },
        { "a pass after copying", See(Judged() with { LastPass = null, IndexingEnabled = false }), RolloutPhase.CatchingUp, RolloutAction.RunCatchUpPass, RolloutReason.Progressing },
        { "passes until what is left is small", See(Judged() with { LastPass = Pass(Start, 50), IndexingEnabled = false }), RolloutPhase.CatchingUp, RolloutAction.RunCatchUpPass, RolloutReason.Progressing },
        { "then indexing", See(Judged() with { IndexingEnabled = false }), RolloutPhase.Indexing, RolloutAction.EnableIndexing, RolloutReason.Progressing },
        { "indexing is waited for", See(Judged()) with { Readiness = new(false, "yellow") }, RolloutPhase.Indexing, RolloutAction.Wait, RolloutReason.IndexBuilding },
        { "then the gate", See(Judged() with { Gate = null }), RolloutPhase.Evaluating, RolloutAction.Evaluate, RolloutReason.Progressing },
        { "an old gate is evaluated again", See(Judged(), Start.AddDays(2)), RolloutPhase.Evaluating, RolloutAction.Evaluate, RolloutReason.Progressing },
        { "a blocked gate waits", See(Judged(GateDecision.Blocked)), RolloutPhase.Paused, RolloutAction.Wait, RolloutReason.GateBlocked },
        { "an inconclusive gate is no pass", See(Judged(GateDecision.Inconclusive)), RolloutPhase.Paused, RolloutAction.Wait, RolloutReason.GateInconclusive },
        { "resume brings what was mended over first", See(Judged(GateDecision.Blocked)) with { Requests = new() { Resumed = 1, Latest = 1 } }, RolloutPhase.CatchingUp, RolloutAction.RunCatchUpPass, RolloutReason.Progressing },
        { "and then looks at the gate again", See(Judged(GateDecision.Blocked) with { LastPass = Pass(Start) with { AfterRequest = 1 } }) with { Requests = new() { Resumed = 1, Latest = 1 } }, RolloutPhase.Evaluating, RolloutAction.Evaluate, RolloutReason.Progressing },
        { "a pass that mended something is followed by one that looks", See(Judged(GateDecision.Blocked) with { LastPass = Pass(Start, 4) with { AfterRequest = 1 } }) with { Requests = new() { Resumed = 1, Latest = 1 } }, RolloutPhase.CatchingUp, RolloutAction.RunCatchUpPass, RolloutReason.Progressing },
        { "approval is waited for", See(Judged(settings: new() { RequireApproval = true })), RolloutPhase.AwaitingApproval, RolloutAction.Wait, RolloutReason.ApprovalRequired },
        { "approved goes on", See(Judged(settings: new() { RequireApproval = true })) with { Requests = new() { ApprovedEvaluation = "evaluation" } }, RolloutPhase.CuttingOver, RolloutAction.SwitchToGreen, RolloutReason.Progressing },
        { "an approval that names no evaluation is one of those before it", See(Judged(settings: new() { RequireApproval = true })) with { Requests = new() { ApprovedAt = Start } }, RolloutPhase.CuttingOver, RolloutAction.SwitchToGreen, RolloutReason.Progressing },
        { "an approval of another gate does not count, whatever the clock says", See(Judged(settings: new() { RequireApproval = true })) with { Requests = new() { ApprovedEvaluation = "another", ApprovedAt = Start + Second } }, RolloutPhase.AwaitingApproval, RolloutAction.Wait, RolloutReason.ApprovalRequired },
        { "a gate that a clock far ahead has dated is resumed as any other", See(Judged(GateDecision.Blocked) with { Gate = RolloutExample.Gate(GateDecision.Blocked, Start.AddDays(1)) }) with { Requests = new() { Resumed = 1, Latest = 1 } }, RolloutPhase.CatchingUp, RolloutAction.RunCatchUpPass, RolloutReason.Progressing },
        { "a resume that the gate had seen does not lead to another one", See(Judged(GateDecision.Blocked) with { Gate = RolloutExample.Gate(GateDecision.Blocked, Start) with { AfterRequest = 1 } }) with { Requests = new() { Resumed = 1, Latest = 1 } }, RolloutPhase.Paused, RolloutAction.Wait, RolloutReason.GateBlocked },
        { "an approval of an earlier gate does not count", See(Judged(settings: new() { RequireApproval = true })) with { Requests = new() { ApprovedAt = Start - Second } }, RolloutPhase.AwaitingApproval, RolloutAction.Wait, RolloutReason.ApprovalRequired },
        { "green that was made and not finished is made again", See(Judged() with { GreenCreated = false }) with { GreenExists = true }, RolloutPhase.Provisioning, RolloutAction.CreateGreen, RolloutReason.Progressing },
        { "green that was removed is a failure", See(Judged()) with { GreenExists = false }, RolloutPhase.Failed, RolloutAction.Wait, RolloutReason.GreenMissing },
        { "a short soak is looked at four times", See(CutOver(new() { Soak = TimeSpan.FromMinutes(4) }), Start.AddMinutes(1)), RolloutPhase.Soaking, RolloutAction.CheckSoak, RolloutReason.Watching },
        { "a stale pass is no final pass", See(Judged(), Start.AddMinutes(5)), RolloutPhase.CuttingOver, RolloutAction.RunCatchUpPass, RolloutReason.Progressing },
        { "a pass that found something is no final pass", See(Judged() with { LastPass = Pass(Start, 1) }), RolloutPhase.CuttingOver, RolloutAction.RunCatchUpPass, RolloutReason.Progressing },
        { "without a fence passes end some time", See(Judged() with { LastPass = Pass(Start, 1, RolloutDecider.MaxPassesWithoutFence) }), RolloutPhase.CuttingOver, RolloutAction.SwitchToGreen, RolloutReason.Progressing },
        { "a refused candidate loses its collection", See(Judged(GateDecision.Refused)), RolloutPhase.Planned, RolloutAction.RemoveGreen, RolloutReason.GateRefused },
        { "and ends", See(Judged() with { Failure = new(RolloutReason.GateRefused, "") }) with { GreenExists = false }, RolloutPhase.Failed, RolloutAction.Wait, RolloutReason.GateRefused },
        { "blue gone is a failure", See(Judged()) with { BlueExists = false }, RolloutPhase.Planned, RolloutAction.RemoveGreen, RolloutReason.BlueMissing },
        { "pause holds", See(Judged()) with { Requests = new() { Pause = true } }, RolloutPhase.Paused, RolloutAction.Wait, RolloutReason.PauseRequested },
        { "abort removes green", See(Judged()) with { Requests = new() { Abort = true } }, RolloutPhase.Planned, RolloutAction.RemoveGreen, RolloutReason.AbortRequested },
        { "abort ends", See(Planned()) with { Requests = new() { Abort = true } }, RolloutPhase.Aborted, RolloutAction.Wait, RolloutReason.AbortRequested },
        { "abort after cutover does nothing", See(CutOver(), Start + Second) with { Requests = new() { Abort = true } }, RolloutPhase.Soaking, RolloutAction.Wait, RolloutReason.Watching },
        { "soaking waits", See(CutOver(), Start + Second), RolloutPhase.Soaking, RolloutAction.Wait, RolloutReason.Watching },
        { "soaking looks at intervals", See(CutOver(), Start.AddMinutes(6)), RolloutPhase.Soaking, RolloutAction.CheckSoak, RolloutReason.Watching },
        { "what was written through DriftGuard is brought to blue", See(CutOver(), Start + Second) with { DirtyIds = 3 }, RolloutPhase.Soaking, RolloutAction.CarryWrites, RolloutReason.Watching },
        { "but not all the time", See(CutOver() with { LastCarry = new(Start, 3, 0) }, Start + Second) with { DirtyIds = 3 }, RolloutPhase.Soaking, RolloutAction.Wait, RolloutReason.Watching },
        { "and again after a moment", See(CutOver() with { LastCarry = new(Start, 3, 0) }, Start + (6 * Second)) with { DirtyIds = 3 }, RolloutPhase.Soaking, RolloutAction.CarryWrites, RolloutReason.Watching },
        { "what alone is left cannot be embedded, and is tried less often", See(CutOver() with { LastCarry = new(Start, 3, 3) }, Start + (6 * Second)) with { DirtyIds = 3 }, RolloutPhase.Soaking, RolloutAction.Wait, RolloutReason.Watching },
        { "what was written past DriftGuard is found by comparing everything", See(CutOver() with { LastSoakCheck = Soak(null, SoakVerdict.Fine, Start.AddMinutes(6)) }, Start.AddMinutes(6)), RolloutPhase.Soaking, RolloutAction.RunReversePass, RolloutReason.Watching },
        { "which takes a tenth of the time at most", See(CutOver() with { LastPass = Slow(Start), LastSoakCheck = Soak(null, SoakVerdict.Fine, Start.AddMinutes(38)) }, Start.AddMinutes(39)), RolloutPhase.Soaking, RolloutAction.Wait, RolloutReason.Watching },
        { "and is not begun once the soak is over", See(CutOver(new() { Soak = TimeSpan.Zero }), Start + Second), RolloutPhase.Completed, RolloutAction.Wait, RolloutReason.Retaining },
        { "nothing is brought to a blue that is gone", See(CutOver(), Start + Second) with { DirtyIds = 3, BlueExists = false }, RolloutPhase.Soaking, RolloutAction.Wait, RolloutReason.Watching },
        { "a pass that kept blue current is no final one", See(CutOver() with { LastPass = Pass(Start, source: Side.Green) with { KeepsCurrent = true } }) with { Requests = new() { Rollback = true } }, RolloutPhase.RollingBack, RolloutAction.RunReversePass, RolloutReason.RollbackRequested },
        { "a breach rolls back, last writes first", See(CutOver() with { LastSoakCheck = new(true, 2, "", Start) }), RolloutPhase.RollingBack, RolloutAction.RunReversePass, RolloutReason.SoakBreach },
        { "rollback switches after an empty reverse pass", See(CutOver() with { LastPass = Pass(Start, source: Side.Green) }) with { Requests = new() { Rollback = true } }, RolloutPhase.RollingBack, RolloutAction.SwitchToBlue, RolloutReason.RollbackRequested },
        { "rollback needs blue", See(CutOver()) with { BlueExists = false, Requests = new() { Rollback = true } }, RolloutPhase.Completed, RolloutAction.Wait, RolloutReason.RollbackImpossible },
        { "green stays while an alias points to it", See(Judged()) with { RetiredIsReferenced = true, Requests = new() { Abort = true } }, RolloutPhase.Paused, RolloutAction.Wait, RolloutReason.GreenReferenced },
        { "peers that were behind a switch are asked again", See(CutOver() with { PeersBehind = "one", PeersLookedAt = Start }, Start.AddSeconds(11)), RolloutPhase.Planned, RolloutAction.ConfirmPeers, RolloutReason.Planned },
        { "but not all the time", See(CutOver() with { PeersBehind = "one", PeersLookedAt = Start }, Start + Second), RolloutPhase.Soaking, RolloutAction.Wait, RolloutReason.Watching },
        { "also after the end", See(CutOver() with { Phase = RolloutPhase.Completed, EndedAt = Start, PeersBehind = "one" }, Start + Second), RolloutPhase.Completed, RolloutAction.ConfirmPeers, RolloutReason.Planned },
        { "and nothing is retired before they have seen it", See(CutOver() with { Phase = RolloutPhase.Completed, EndedAt = Start, PeersBehind = "one", PeersLookedAt = Start.AddDays(8) }, Start.AddDays(8)), RolloutPhase.Completed, RolloutAction.Wait, RolloutReason.Planned },
        { "who accepts green ends its soak", See(CutOver(), Start + Second) with { Requests = new() { Promote = true } }, RolloutPhase.Completed, RolloutAction.Wait, RolloutReason.Retaining },
        { "but not if somebody wants to go back", See(CutOver(), Start + Second) with { Requests = new() { Promote = true, Rollback = true } }, RolloutPhase.RollingBack, RolloutAction.RunReversePass, RolloutReason.RollbackRequested },
        { "the soak ends", See(CutOver(), Start.AddHours(2)), RolloutPhase.Completed, RolloutAction.Wait, RolloutReason.Retaining },
    };

    /// <summary>A pass over everything that took four minutes.</summary>
    private static CatchUpPass Slow(DateTimeOffset began) => Pass(began, source: Side.Green) with { FinishedAt = began.AddMinutes(4), KeepsCurrent = true };

    [Theory]
    [MemberData(nameof(Table))]
    public void Each_observation_has_one_next_action(string rule, RolloutObservation seen, RolloutPhase phase, RolloutAction action, string reason)
    {
        var decision = RolloutDecider.Decide(seen);

        decision.Action.ShouldBe(action, rule);
        decision.Phase.ShouldBe(phase, rule);
        decision.Reason.ShouldBe(reason, rule);
    }

    [Fact]
    public void Alias_and_token_apart_stand_still_whatever_else_is_seen()
    {
        foreach (var rollout in new[] { Planned(), Judged(), CutOver() })
        {
            var decision = RolloutDecider.Decide(See(rollout) with { IndexTarget = "somewhere-else" });

            decision.ShouldSatisfyAllConditions(
                d => d.Action.ShouldBe(RolloutAction.Wait),
                d => d.Reason.ShouldBe(RolloutReason.AliasMovedByHand),
                d => d.Message.ShouldContain("somewhere-else"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_missing_or_doubled_token_stands_still(bool doubled)
    {
        TokenSeen[] tokens = doubled ? [new(Token, Blue), new(Token with { Epoch = 9 }, Blue)] : [];

        RolloutDecider.Decide(See(Judged()) with { Tokens = tokens }).Reason.ShouldBe(RolloutReason.TokenMissing);
    }

    [Fact]
    public void A_switch_with_an_unknown_outcome_is_confirmed_if_seen_and_settled_if_not()
    {
        var next = Token with { Epoch = 8, Nonce = "n2" };
        var rollout = Judged() with { Switch = new(Side.Green, Token, next, Start, SwitchOutcome.Unknown) };

        RolloutDecider.Decide(See(rollout)).Action.ShouldBe(RolloutAction.SettleSwitch);
        RolloutDecider.Decide(See(rollout) with { Tokens = [new(Token.Abort(), Blue)] }).Action.ShouldBe(RolloutAction.SettleSwitch);
        RolloutDecider.Decide(See(rollout) with { Tokens = [new(next, Green)], IndexTarget = Green }).Action.ShouldBe(RolloutAction.ConfirmSwitch);
    }

    [Fact]
    public void A_switch_that_was_applied_by_half_is_made_again_from_where_it_stands()
    {
        var moved = Token with { Epoch = 8, Nonce = "n2" };
        var rollout = Judged() with { Switch = new(Side.Green, Token, moved, Start, SwitchOutcome.Unknown) };
        foreach (var index in new[] { Blue, Green })
        {
            var seen = See(rollout) with { Tokens = [new(moved, Blue)], IndexTarget = index };

            RolloutDecider.Decide(seen).Action.ShouldBe(RolloutAction.SwitchToGreen);
            var again = SwitchAttempt.Next(seen, Start);
            (again.From, again.To, again.Repairs).ShouldBe((moved, Side.Green, true));

            // Cut off before the call: the same attempt, since the first one may still arrive.
            var cutOff = seen with { Rollout = rollout with { Switch = again } };
            RolloutDecider.Decide(cutOff).Action.ShouldBe(RolloutAction.SwitchToGreen);
            SwitchAttempt.Next(cutOff, Start + Second).ShouldBe(again);
        }
    }

    [Fact]
    public void An_ended_rollout_keeps_its_reason_and_a_collection_that_alone_holds_texts_is_not_removed()
    {
        var rolledBack = CutOver() with { Phase = RolloutPhase.RolledBack, Serving = Side.Blue, Reason = RolloutReason.SoakBreach, Message = "why", EndedAt = Start };

        RolloutDecider.Decide(See(rolledBack, Start + Second)).ShouldSatisfyAllConditions(
            d => d.Reason.ShouldBe(RolloutReason.SoakBreach),
            d => d.Message.ShouldBe("why"));
        RolloutDecider.Decide(See(rolledBack, Start.AddDays(8)) with { ParkedTexts = 2 }).ShouldSatisfyAllConditions(
            d => d.Action.ShouldBe(RolloutAction.Wait),
            d => d.Message.ShouldContain("2 text(s)"));
        RolloutDecider.Decide(See(rolledBack, Start.AddDays(8))).Action.ShouldBe(RolloutAction.RetireCollection);
    }

    [Fact]
    public void Another_winner_of_the_epoch_supersedes_the_rollout_and_its_collection_is_removed()
    {
        var seen = See(Judged()) with { Tokens = [new(Token with { Epoch = 8, Nonce = "other" }, "docs-cc")], IndexTarget = "docs-cc" };

        var decision = RolloutDecider.Decide(seen);

        decision.Action.ShouldBe(RolloutAction.RemoveGreen);
        decision.Failure!.Reason.ShouldBe(RolloutReason.Superseded);
    }

    [Fact]
    public void Green_is_never_removed_by_an_abort_while_an_alias_points_to_it()
    {
        var seen = See(Judged()) with { IndexTarget = Green, Requests = new() { Abort = true } };

        RolloutDecider.Decide(seen).Action.ShouldBe(RolloutAction.Wait);
    }

    [Fact]
    public void The_retired_collection_goes_after_its_retention_and_never_while_an_alias_points_to_it()
    {
        var ended = CutOver() with { Phase = RolloutPhase.Completed, EndedAt = Start };
        var late = Start.AddDays(8);

        RolloutDecider.Decide(See(ended, Start.AddDays(6))).Action.ShouldBe(RolloutAction.Wait);
        RolloutDecider.Decide(See(ended, late) with { RetiredIsReferenced = true }).Action.ShouldBe(RolloutAction.Wait);
        RolloutDecider.Decide(See(ended, late)).Action.ShouldBe(RolloutAction.RetireCollection);
        RolloutDecider.Decide(See(ended with { RetiredAt = late }, late)).LookAgainAfter.ShouldBeNull();
    }

    public static TheoryData<string, RolloutObservation, RolloutAction, string> Fences => new()
    {
        { "a pass right before the fence keeps it short", SeeWritten(Judged() with { LastPass = Pass(Start.AddHours(-1)) }), RolloutAction.RunCatchUpPass, RolloutReason.Progressing },
        { "then the fence", SeeWritten(Judged()), RolloutAction.RaiseFence, RolloutReason.Progressing },
        { "one that was recorded and is not seen is raised", SeeWritten(Judged() with { Fence = Fence() }), RolloutAction.RaiseFence, RolloutReason.Progressing },
        { "a pass before the fence is no final pass", SeeFenced(Judged()), RolloutAction.RunCatchUpPass, RolloutReason.Progressing },
        { "a pass under another fence is none", SeeFenced(Judged() with { LastPass = Pass(Start) with { Fence = "other" } }), RolloutAction.RunCatchUpPass, RolloutReason.Progressing },
        { "a pass under the fence that found something is followed by another, however many there were", SeeFenced(Judged() with { LastPass = Pass(Start, 1, 50) with { Fence = "f1" } }), RolloutAction.RunCatchUpPass, RolloutReason.Progressing },
        { "one that found nothing is the last", SeeFenced(Judged() with { LastPass = Pass(Start) with { Fence = "f1" } }), RolloutAction.SwitchToGreen, RolloutReason.Progressing },
        { "unless something wrote since", SeeFenced(Judged() with { LastPass = Pass(Start) with { Fence = "f1", Disturbed = 1 } }), RolloutAction.RunCatchUpPass, RolloutReason.Progressing },
        { "writes are not held for long", SeeFenced(Judged(), Start.AddMinutes(2)), RolloutAction.LowerFence, RolloutReason.FenceTooLong },
        { "nor raised again at once", SeeWritten(Judged() with { FencesLowered = 1, FenceAgainAt = Start.AddMinutes(1) }), RolloutAction.Wait, RolloutReason.FenceTooLong },
        { "a time for it that a clock has left far ahead does not count", SeeWritten(Judged() with { FencesLowered = 1, FenceAgainAt = Start.AddDays(1) }), RolloutAction.RaiseFence, RolloutReason.Progressing },
        { "in the end a person is asked", SeeWritten(Judged() with { FencesLowered = RolloutDecider.MostFencesInVain, FenceAgainAt = Start }), RolloutAction.Wait, RolloutReason.FenceTooLong },
        { "and goes on when told to", SeeWritten(Judged() with { FencesLowered = RolloutDecider.MostFencesInVain, FenceAgainAt = Start }) with { Requests = new() { Resumed = 1, Latest = 1 } }, RolloutAction.RaiseFence, RolloutReason.Progressing },
        { "a pause lowers it first", SeeFenced(Judged()) with { Requests = new() { Pause = true } }, RolloutAction.LowerFence, RolloutReason.PauseRequested },
        { "an abort lowers it first", SeeFenced(Judged()) with { Requests = new() { Abort = true } }, RolloutAction.LowerFence, RolloutReason.AbortRequested },
        { "a failure lowers it first", SeeFenced(Judged() with { Failure = new(RolloutReason.GateRefused, "") }), RolloutAction.LowerFence, RolloutReason.GateRefused },
        { "an unsettled switch keeps it", SeeFenced(Judged() with { Switch = new(Side.Green, Token, Token with { Epoch = 8 }, Start, SwitchOutcome.Unknown) }), RolloutAction.SettleSwitch, RolloutReason.SwitchUnsettled },
        { "after the switch it is lowered before anything else", SeeFenced(CutOver()), RolloutAction.LowerFence, RolloutReason.Watching },
        { "one that nobody recorded is lowered", See(CutOver()) with { Fence = Up("late") }, RolloutAction.LowerFence, RolloutReason.Watching },
        { "also after the end", See(CutOver() with { Phase = RolloutPhase.Completed, EndedAt = Start }) with { Fence = Up("late") }, RolloutAction.LowerFence, RolloutReason.Planned },
        { "the way back has one too", SeeWritten(CutOver() with { LastPass = Pass(Start, source: Side.Green) }) with { Requests = new() { Rollback = true } }, RolloutAction.RaiseFence, RolloutReason.RollbackRequested },
        { "and a reverse pass under it", SeeFenced(CutOver() with { LastPass = Pass(Start, source: Side.Green) }) with { Requests = new() { Rollback = true } }, RolloutAction.RunReversePass, RolloutReason.RollbackRequested },
        { "where all goes through DriftGuard and blue was kept current, no pass comes before it", Kept(dirty: 2_000), RolloutAction.RaiseFence, RolloutReason.RollbackRequested },
        { "unless there is much to carry", Kept(dirty: 2_001), RolloutAction.RunReversePass, RolloutReason.RollbackRequested },
        { "or something was written past DriftGuard", Kept(dirty: 0, untold: 1), RolloutAction.RunReversePass, RolloutReason.RollbackRequested },
        { "or the outbox was carried long ago", Kept(dirty: 0, carried: Start.AddMinutes(50)), RolloutAction.RunReversePass, RolloutReason.RollbackRequested },
        { "an index without a write alias has none", See(Judged()), RolloutAction.SwitchToGreen, RolloutReason.Progressing },
        { "one that is told not to have one has none", SeeWritten(Judged(settings: new() { Fence = FenceMode.None })), RolloutAction.SwitchToGreen, RolloutReason.Progressing },
        { "strict mode needs no alias", See(Judged(settings: new() { Fence = FenceMode.StrictMode })), RolloutAction.RaiseFence, RolloutReason.Progressing },
    };

    /// <summary>A rollback is asked for an hour after everything was compared; the outbox was carried since.</summary>
    private static RolloutObservation Kept(long dirty, long untold = 0, DateTimeOffset? carried = null)
    {
        var now = Start.AddHours(1);
        var rollout = CutOver(new() { Fence = FenceMode.Gateway, Soak = TimeSpan.FromHours(3) }) with { LastPass = Slow(Start) with { Untold = untold }, LastCarry = new(carried ?? now, dirty, 0) };
        return See(rollout, now) with { DirtyIds = dirty, Requests = new() { Rollback = true } };
    }

    [Theory]
    [MemberData(nameof(Fences))]
    public void Writes_are_held_for_the_final_passes_and_for_nothing_else(string rule, RolloutObservation seen, RolloutAction action, string reason)
    {
        var decision = RolloutDecider.Decide(seen);

        decision.Action.ShouldBe(action, rule);
        decision.Reason.ShouldBe(reason, rule);
        decision.Ends.ShouldBeFalse(rule);
    }

    [Fact]
    public void A_completed_rollout_can_be_rolled_back_while_blue_is_kept()
    {
        var ended = CutOver() with { Phase = RolloutPhase.Completed, EndedAt = Start };
        var asked = new RolloutRequests { Rollback = true };

        RolloutDecider.Decide(See(ended) with { Requests = asked }).Action.ShouldBe(RolloutAction.RunReversePass);
        RolloutDecider.Decide(See(ended) with { Requests = asked, BlueExists = false }).Action.ShouldBe(RolloutAction.Wait);
    }

    private static WriteFence Fence() => new(FenceKind.Alias, "f1", Blue, Start);

    private static FenceSeen Up(string nonce) => new() { HeldBy = nonce, Aliases = new Dictionary<string, string>(StringComparer.Ordinal) { [nonce] = Blue } };

    /// <summary>Applications write through the write alias.</summary>
    private static RolloutObservation SeeWritten(Rollout rollout, DateTimeOffset? now = null) =>
        See(rollout, now) with { Fence = new() { WriteTarget = rollout.Serving == Side.Green ? Green : Blue } };

    private static RolloutObservation SeeFenced(Rollout rollout, DateTimeOffset? now = null) => See(rollout with { Fence = Fence() }, now) with { Fence = Up("f1") };
}
