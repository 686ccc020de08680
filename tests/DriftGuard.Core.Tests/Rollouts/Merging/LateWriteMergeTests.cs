using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Merging;
using static DriftGuard.Core.Tests.Rollouts.RolloutExample;

namespace DriftGuard.Core.Tests.Rollouts.Merging;

/// <summary>When late writes are merged, and what the report says about them.</summary>
public sealed class LateWriteMergeTests
{
    private static readonly KeptIds Ids = new(1, Start, 5);
    private static readonly DateTimeOffset Due = Start + LateWriteMerge.LongestNotice;
    private static readonly WriteGuarantee Exact = new(true, "exact: nothing wrote");
    private static readonly WriteGuarantee BestEffort = new(false, "best effort: 3 operation(s) reached blue");

    public static TheoryData<string, RolloutObservation, RolloutPhase, RolloutAction> Table => new()
    {
        { "writers are given time to notice", See(Merging()), RolloutPhase.CuttingOver, RolloutAction.Wait },
        { "then it is merged", See(Merging(), Due), RolloutPhase.CuttingOver, RolloutAction.MergeLateWrites },
        { "before any check of the soak", See(Merging(), Start.AddMinutes(30)), RolloutPhase.CuttingOver, RolloutAction.MergeLateWrites },
        { "and before the soak ends", See(Merging(), Start.AddHours(2)), RolloutPhase.CuttingOver, RolloutAction.MergeLateWrites },
        { "a time that a clock has left far ahead does not count", See(Merging() with { Merge = new(Ids, Due.AddDays(1)) }), RolloutPhase.CuttingOver, RolloutAction.MergeLateWrites },
        { "a write of ours that may still be applied comes first", See(Merging() with { LateWritesUntil = Due.AddMinutes(1) }, Due), RolloutPhase.CuttingOver, RolloutAction.Wait },
        { "once it is done it is not done again", See(Merged(), Due), RolloutPhase.Soaking, RolloutAction.Wait },
        { "what was recorded before there were merges needs none", See(CutOver(), Due), RolloutPhase.Soaking, RolloutAction.Wait },
        { "one who asks for the way back does not wait for writers", See(Merging()) with { Requests = new() { Rollback = true } }, RolloutPhase.CuttingOver, RolloutAction.MergeLateWrites },
        { "and goes back once it is merged", See(Merged()) with { Requests = new() { Rollback = true } }, RolloutPhase.RollingBack, RolloutAction.RunReversePass },
        { "without the old side there is nothing to merge", See(Merging(), Due) with { BlueExists = false }, RolloutPhase.Soaking, RolloutAction.Wait },
        { "a fence that nobody relies on is lowered first", See(Merging(), Due) with { Fence = new() { SyncAlias = true } }, RolloutPhase.CuttingOver, RolloutAction.LowerFence },
        { "the way back has a merge too", See(BackAgain(), Due), RolloutPhase.RollingBack, RolloutAction.MergeLateWrites },
        { "and ends after it", See(BackAgain() with { Merge = new(Ids, Due) { DoneAt = Due } }, Due), RolloutPhase.RolledBack, RolloutAction.Wait },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Late_writes_are_merged_once_before_anything_else_is_decided(string rule, RolloutObservation seen, RolloutPhase phase, RolloutAction action)
    {
        var decision = RolloutDecider.Decide(seen);

        decision.Action.ShouldBe(action, rule);
        decision.Phase.ShouldBe(phase, rule);
    }

    [Fact]
    public void The_decision_says_what_it_does()
    {
        RolloutDecider.Decide(See(Merging())).ShouldSatisfyAllConditions(
            d => d.Reason.ShouldBe(RolloutReason.MergingLateWrites),
            d => d.Message.ShouldContain(Blue),
            d => d.LookAgainAfter.ShouldBe(TimeSpan.FromSeconds(5)));
        RolloutDecider.Decide(See(Merging(), Due)).Message.ShouldContain($"carrying over to {Green} what was written to {Blue}");
    }

    [Fact]
    public void A_switch_asks_for_a_merge_where_the_last_pass_kept_its_ids()
    {
        var rollout = Judged() with { LastPass = Pass(Start) with { Ids = Ids } };

        LateWriteMerge.After(rollout, Side.Green, Start).ShouldBe(new(Ids, Due));
        LateWriteMerge.After(rollout, Side.Blue, Start).ShouldBeNull("the pass was from the other side");
        LateWriteMerge.After(Judged(), Side.Green, Start).ShouldBeNull();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(60, 15)]
    [InlineData(3_600, 60)]
    public void The_merge_comes_by_the_first_check_of_the_soak(int soak, int notice)
    {
        var rollout = Judged(settings: new() { Soak = TimeSpan.FromSeconds(soak) }) with { LastPass = Pass(Start) with { Ids = Ids } };

        LateWriteMerge.After(rollout, Side.Green, Start)!.DueAt.ShouldBe(Start.AddSeconds(notice));
    }

    [Fact]
    public void The_report_says_how_many_late_writes_were_carried_over()
    {
        var merge = new LateWriteMerge(Ids, Due) { Edited = 2, Added = 3, Deleted = 1 };

        WriteGuarantees.Merged(BestEffort, merge, Blue).ShouldBe(new(false,
            $"best effort: 3 operation(s) reached blue; 6 late write(s) to {Blue} were carried over by the merge after the switch: 2 edited, 3 added, 1 deleted"));
        WriteGuarantees.Merged(BestEffort, merge with { Parked = 1 }, Blue).Message.ShouldEndWith("; 1 text(s) could not be embedded");
    }

    [Fact]
    public void What_was_called_exact_stays_so_only_if_the_merge_found_nothing()
    {
        WriteGuarantees.Merged(Exact, new(Ids, Due), Blue).ShouldBe(Exact);
        WriteGuarantees.Merged(Exact, new LateWriteMerge(Ids, Due) { Added = 1 }, Blue).ShouldSatisfyAllConditions(
            g => g.Exact.ShouldBeFalse(),
            g => g.Message.ShouldStartWith("best effort: 1 late write(s)"));
        WriteGuarantees.NotMerged(Exact, Blue).Message.ShouldStartWith("best effort: late writes to");
    }

    private static Rollout Merging() => CutOver() with { Merge = new(Ids, Due) };

    private static Rollout Merged() => CutOver() with { Merge = new(Ids, Due) { DoneAt = Start } };

    private static Rollout BackAgain()
    {
        var rollout = Merging();
        var back = rollout.ExpectedToken.Next();
        return rollout with { Serving = Side.Blue, ExpectedToken = back, Switch = new(Side.Blue, rollout.ExpectedToken, back, Start, SwitchOutcome.Applied) };
    }
}
