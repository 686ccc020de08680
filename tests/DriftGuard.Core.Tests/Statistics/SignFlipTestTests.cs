using DriftGuard.Core.Statistics;

namespace DriftGuard.Core.Tests.Statistics;

public class SignFlipTestTests
{
    [Fact]
    public void Twenty_values_are_counted_and_twenty_one_are_drawn()
    {
        SignFlipTest.Greater([.. Enumerable.Repeat(1.0, 20)], 999, seed: 1).ShouldBe(new SignFlipResult(1 / 1048576.0, 1, 1048576, Exact: true, Seed: null));
        var drawn = SignFlipTest.Greater([.. Enumerable.Repeat(1.0, 21)], 999, seed: 1);

        (drawn.Exact, drawn.Seed, drawn.Total).ShouldBe((false, 1, 999));
        drawn.P.ShouldBe((1.0 + drawn.Hits) / 1000);
    }

    [Fact]
    public void Random_signs_come_close_to_the_count_and_repeat_by_seed()
    {
        // Zeros change no sum, so 10 values and 100 zeros have the exact p of the 10 and are drawn.
        double[] values = [.3, -.1, .2, .2, -.3, .1, .4, -.2, .1, .1];
        var exact = SignFlipTest.Exact(values, twoSided: false).P;
        double[] padded = [.. values, .. new double[100]];

        SignFlipTest.Greater(padded, 20_000, seed: 7).P.ShouldBe(exact, .015);
        SignFlipTest.Greater(padded, 20_000, seed: 7).ShouldBe(SignFlipTest.Greater(padded, 20_000, seed: 7));
    }

    [Fact]
    public void Two_sided_counts_magnitudes_exactly_and_by_random_signs()
    {
        double[] values = [.3, -.1, .2, .2, -.3, .1, .4, -.2, .1, .1];
        var exact = SignFlipTest.Exact(values, twoSided: true).P;

        SignFlipTest.TwoSided(values, 999, seed: 1).ShouldBe(SignFlipTest.Exact(values, twoSided: true));
        SignFlipTest.TwoSided([.. values, .. new double[100]], 20_000, seed: 7).P.ShouldBe(exact, .015);
        SignFlipTest.TwoSided([.. values.Select(value => -value)], 999, seed: 1).P.ShouldBe(exact, "a loss is as large as a gain");
        SignFlipTest.TwoSided([], 999, seed: 1).P.ShouldBe(1);
    }

    [Fact]
    public void What_is_not_finite_or_too_many_is_refused()
    {
        Should.Throw<ArgumentException>(() => SignFlipTest.Greater([1, double.NaN], 9, 1)).Message.ShouldContain("Value 1 is NaN");
        Should.Throw<ArgumentException>(() => SignFlipTest.Exact(new double[21], twoSided: true)).Message.ShouldContain("at most 20");
        Should.Throw<ArgumentOutOfRangeException>(() => SignFlipTest.Greater(new double[21], 0, 1));
    }
}
