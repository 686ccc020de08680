using DriftGuard.Testing.Gate;

namespace DriftGuard.Core.Tests.Gate.MatchesOrBeats;

/// <summary>
/// The promises of the rule on calibration sets drawn from real per-query differences of real models: 36 populations, tilted to a known
/// true difference. Seeds are fixed: a run differs from the next only by the code. The table by n is printed by the benchmarks.
/// </summary>
public class RealPopulationsTests
{
    private const int Seed = 20_261_125;
    private const int Trials = 2_000;
    private const double Margin = .03;

    // The draws are fixed, so this is no allowance for chance but for other processors' last digits.
    private const double Digits = .003;

    [Theory]
    [InlineData(true, 50, .03)]
    [InlineData(true, 100, .03)]
    [InlineData(true, 200, .03)]
    [InlineData(true, 500, .03)]
    [InlineData(false, 50, .03)]
    [InlineData(false, 100, .03)]
    [InlineData(false, 200, .03)]
    [InlineData(false, 500, .03)]
    [InlineData(true, 200, .05)] // The margin at 200 queries unless set.
    [InlineData(false, 200, .05)]
    public void A_candidate_that_is_truly_worse_by_the_margin_passes_in_one_case_of_twenty_at_most(bool whole, int queries, double margin)
    {
        var rates = GateSimulation.PassRates(TiltedPopulation.All(whole), queries, margin, -margin, Trials, Seed);

        rates.Average().ShouldBeLessThanOrEqualTo(.05);
        rates.Max().ShouldBeLessThanOrEqualTo(.08 + Digits);
    }

    [Theory]
    [InlineData(true, 1_000, .7)]
    [InlineData(false, 1_000, .8)]
    public void An_equal_candidate_mostly_passes_with_queries_enough(bool whole, int queries, double most) =>
        GateSimulation.PassRates(TiltedPopulation.All(whole), queries, Margin, 0, 100, Seed).Average().ShouldBeGreaterThan(most);

    [Theory]
    [InlineData(true, 500, .8)]
    [InlineData(false, 200, .75)]
    public void A_candidate_that_is_better_by_the_margin_passes_earlier(bool whole, int queries, double most) =>
        GateSimulation.PassRates(TiltedPopulation.All(whole), queries, Margin, Margin, 100, Seed).Average().ShouldBeGreaterThan(most);

    [Fact]
    public void A_drawn_set_has_the_difference_it_was_tilted_to()
    {
        foreach (var population in TiltedPopulation.All(whole: true))
        {
            var (old, @new, _) = population.At(-.02).Draw(200_000, new Random(Seed));

            (@new.Average() - old.Average()).ShouldBe(-.02, .004, $"{population.Set}, {population.Name}");
        }
    }
}
