using DriftGuard.Core.Rollouts.Estimates;

namespace DriftGuard.Core.Tests.Rollouts.Estimates;

public sealed class RolloutEstimateTests
{
    [Fact]
    public void Tokens_and_hours_follow_from_the_sample()
    {
        var estimate = EstimateExample.Of(texts: 720_000);

        estimate.Tokens.ShouldBe(72_000_000);
        estimate.Hours.ShouldBe(2);
    }

    [Fact]
    public void A_limit_below_the_measured_rate_decides_the_hours_and_one_above_does_not()
    {
        (EstimateExample.Of(720_000) with { PointsPerSecond = 50 }).Hours.ShouldBe(4);
        (EstimateExample.Of(720_000) with { PointsPerSecond = 500 }).Hours.ShouldBe(2);
    }

    [Fact] // 10,000 x 1.959964 x 40 / sqrt(400) x sqrt(1 - 400 / 10,000)
    public void The_uncertainty_of_tokens_is_that_of_a_sample_without_replacement() =>
        EstimateExample.Of(10_000, deviation: 40, sample: 400).TokensUncertainty.ShouldBe(38_407.294, .001);

    [Fact]
    public void A_corpus_that_was_counted_whole_has_no_uncertainty_and_one_text_tells_nothing()
    {
        EstimateExample.Of(300, deviation: 40, sample: 300).TokensUncertainty.ShouldBe(0);
        var one = EstimateExample.Of(300, sample: 1);
        one.TokensUncertainty.ShouldBe(one.Tokens);
    }

    [Fact]
    public void Money_is_nothing_in_the_process_the_price_at_a_provider_and_unknown_without_one()
    {
        var estimate = EstimateExample.Of(10_000);

        estimate.Money.ShouldBe(0);
        (estimate with { Charged = true }).Money.ShouldBeNull();
        (estimate with { Charged = true, PricePerMillionTokens = .02 }).Money.ShouldBe(.02);
    }

    [Fact]
    public void An_empty_corpus_takes_nothing()
    {
        var estimate = EstimateExample.Of(0, meanTokens: 0, sample: 0, rate: null);

        estimate.Tokens.ShouldBe(0);
        estimate.TokensUncertainty.ShouldBe(0);
        estimate.Hours.ShouldBeNull();
        estimate.Footprint.ShouldBe(new CollectionFootprint(0, 0));
        estimate.Figures.ShouldAllBe(figure => figure.Value == null || double.IsFinite(figure.Value.Value));
    }

    [Fact]
    public void Memory_is_the_vectors_and_half_as_much_again_for_every_replica()
    {
        var million = CollectionFootprint.Of(1_000_000, 1536, payloadBytes: 500);

        million.MemoryBytes.ShouldBe(1e6 * 1536 * 4 * 1.5);
        million.DiskBytes.ShouldBe(2e6 * ((1536 * 4) + 128 + 500));
        CollectionFootprint.Of(1_000_000, 1536, 500, replicas: 3).MemoryBytes.ShouldBe(3 * million.MemoryBytes);
    }
}
