using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Limits;
using DriftGuard.Core.Tests.Rollouts.Estimates;

namespace DriftGuard.Core.Tests.Rollouts.Limits;

public sealed class SpendingStopTests
{
    private static readonly RolloutSpending Spent = new(1_000_000, PricePerMillionTokens: .02, "USD", Cap: .02);

    [Fact]
    public void A_cap_that_is_reached_holds_the_copying_and_says_how_to_go_on()
    {
        var decision = RolloutDecider.Decide(Copying(Spent));

        (decision.Phase, decision.Action, decision.Reason).ShouldBe((RolloutPhase.Paused, RolloutAction.Wait, RolloutReason.BudgetSpent));
        decision.Message.ShouldBe("0.02 USD of 0.02 are spent. 1 of 4 partitions are copied; raise the cap to go on: driftguard rollout throttle docs-r1 --money AMOUNT, or --money none");
    }

    [Fact]
    public void What_is_left_is_told_by_the_estimate()
    {
        var seen = Copying(Spent);
        var estimate = EstimateExample.Of(texts: 20_000, meanTokens: 100);

        RolloutDecider.Decide(seen with { Rollout = seen.Rollout with { Estimate = estimate } }).Message.ShouldContain("what is left takes about 0.02 USD");
    }

    [Theory]
    [InlineData(.03)]
    [InlineData(null)]
    public void A_cap_that_is_raised_or_lifted_lets_it_go_on(double? cap) =>
        RolloutDecider.Decide(Copying(Spent with { Cap = cap })).Action.ShouldBe(RolloutAction.CopyPartitions);

    [Fact]
    public void A_cap_without_a_price_holds_it_since_nobody_knows_what_is_spent() =>
        RolloutDecider.Decide(Copying(Spent with { PricePerMillionTokens = null })).Message.ShouldStartWith("the price of the model is not configured");

    [Fact]
    public void Once_everything_is_copied_it_goes_on_beyond_the_cap()
    {
        var seen = Copying(Spent) with { PartitionsDone = 4 };

        RolloutDecider.Decide(seen).Phase.ShouldNotBe(RolloutPhase.Paused);
    }

    [Fact]
    public void An_abort_goes_before_it() =>
        RolloutDecider.Decide(Copying(Spent) with { Requests = new() { Abort = true } }).Action.ShouldBe(RolloutAction.RemoveGreen);

    private static RolloutObservation Copying(RolloutSpending spending) =>
        RolloutExample.See(RolloutExample.Judged() with { LastPass = null, IndexingEnabled = false, Gate = null }) with { PartitionsDone = 1, Spending = spending };
}
