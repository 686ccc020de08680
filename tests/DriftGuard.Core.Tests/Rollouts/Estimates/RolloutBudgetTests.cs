using DriftGuard.Core.Rollouts.Estimates;

namespace DriftGuard.Core.Tests.Rollouts.Estimates;

public sealed class RolloutBudgetTests
{
    private static readonly RolloutEstimate TwoHours = EstimateExample.Of(720_000);

    [Fact]
    public void What_is_not_bounded_is_never_exceeded()
    {
        new RolloutBudget().IsUnbounded.ShouldBeTrue();
        new RolloutBudget().Exceeded(TwoHours).ShouldBeEmpty();
    }

    [Fact]
    public void A_bound_that_is_met_exactly_holds() => new RolloutBudget { Hours = 2, Tokens = 72e6 }.Exceeded(TwoHours).ShouldBeEmpty();

    [Fact]
    public void Everything_that_is_exceeded_is_named_with_what_it_takes_and_what_is_allowed()
    {
        var excesses = new RolloutBudget { Hours = 1.5, Tokens = 1e6, MemoryGiB = 100 }.Exceeded(TwoHours);

        excesses.Select(excess => excess.Name).ShouldBe(["tokens", "hours"]);
        excesses[1].Text.ShouldBe("2h of embedding (hours 2), and the budget allows 1.5");
    }

    [Fact]
    public void What_is_bounded_and_not_known_does_not_hold()
    {
        new RolloutBudget { Money = 5 }.Exceeded(TwoHours with { Charged = true }).ShouldHaveSingleItem().Text.ShouldContain("models.prices");
        new RolloutBudget { Hours = 5 }.Exceeded(EstimateExample.Of(10, rate: null)).ShouldHaveSingleItem().Text.ShouldBe("hours could not be measured, and the budget allows 5");
    }
}
