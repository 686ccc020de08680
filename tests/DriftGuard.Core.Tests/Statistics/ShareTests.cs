using CsCheck;
using DriftGuard.Core.Statistics;

namespace DriftGuard.Core.Tests.Statistics;

public class ShareTests
{
    [Theory]
    [InlineData(0, 299, .05, 0, .009969)] // 1 - .05^(1/299)
    [InlineData(0, 2995, .05, 0, .000999744)]
    [InlineData(10, 100, .025, .0490047, .1762226)] // Clopper and Pearson's two-sided 95 %, as scipy has it
    [InlineData(100, 100, .05, .970487, 1)]
    [InlineData(1, 1, .05, .05, 1)]
    public void Bounds_are_Clopper_and_Pearsons(long hits, long sample, double alpha, double lower, double upper)
    {
        ShareBounds.Lower(hits, sample, alpha).ShouldBe(lower, 2e-6);
        ShareBounds.Upper(hits, sample, alpha).ShouldBe(upper, 2e-6);
    }

    [Fact]
    public void Of_a_small_population_all_shares_between_the_bounds_are_likely_enough_and_none_outside()
    {
        Gen.Select(Gen.Int[2, 60], Gen.Int[0, 100], Gen.Int[0, 100], Gen.Double[.01, .3]).Sample((population, samplePart, hitPart, alpha) =>
        {
            var sample = Math.Max(1, population * samplePart / 100);
            var hits = sample * hitPart / 100;
            if (sample <= ShareBounds.NotablePart * population)
                return;
            var (lower, upper) = (ShareBounds.Lower(hits, sample, population, alpha), ShareBounds.Upper(hits, sample, population, alpha));
            for (var marked = hits; marked <= population - (sample - hits); marked++)
            {
                var atLeast = Enumerable.Range(hits, sample - hits + 1).Sum(k => Exactly(k, sample, marked, population));
                var atMost = Enumerable.Range(0, hits + 1).Sum(k => Exactly(k, sample, marked, population));
                var share = marked / (double)population;
                if (Math.Abs(atLeast - alpha) > 1e-9)
                    (share >= lower - 1e-12).ShouldBe(atLeast >= alpha || hits == 0, $"lower: {hits}/{sample} of {population}, {marked}");
                if (Math.Abs(atMost - alpha) > 1e-9)
                    (share <= upper + 1e-12).ShouldBe(atMost >= alpha || hits == sample, $"upper: {hits}/{sample} of {population}, {marked}");
            }
        });
    }

    [Fact]
    public void A_full_sample_knows_the_share()
    {
        ShareBounds.Lower(3, 40, 40, .05).ShouldBe(3 / 40.0);
        ShareBounds.Upper(3, 40, 40, .05).ShouldBe(3 / 40.0);
    }

    [Theory]
    [InlineData(8, 10, 1, 10, 0.0027386)] // tea-tasting tables: scipy.stats.fisher_exact, alternative greater
    [InlineData(3, 4, 1, 4, 0.2428571)]
    [InlineData(0, 10, 5, 10, 1)]
    public void Fishers_test_counts_tables(long firstHits, long first, long secondHits, long second, double p) =>
        FisherExactTest.Greater(firstHits, first, secondHits, second).ShouldBe(p, 1e-6);

    [Fact]
    public void A_share_like_that_of_the_past_days_is_no_rise_and_one_far_above_is()
    {
        DailyShare[] past = [.. Enumerable.Range(0, 30).Select(i => new DailyShare(40 + (i % 7), 1000))];

        DailyShares.Compare(new(43, 1000), past).P!.Value.ShouldBeInRange(.3, .7);
        DailyShares.Compare(new(120, 1000), past).P!.Value.ShouldBeLessThan(1e-4);
        DailyShares.Compare(new(120, 1000), past).Excess.ShouldBe(.12 - past.Average(d => d.Value), 1e-12);
    }

    [Fact]
    public void Days_that_were_all_alike_leave_a_days_own_sampling_error()
    {
        DailyShare[] past = [.. Enumerable.Repeat(new DailyShare(50, 1000), 20)];
        var expected = (Math.Asin(Math.Sqrt(.06)) - Math.Asin(Math.Sqrt(.05))) / (.5 / Math.Sqrt(500) * Math.Sqrt(1.05));

        DailyShares.Compare(new(30, 500), past).Statistic!.Value.ShouldBe(expected, 1e-12);
    }

    [Fact]
    public void Too_few_days_say_nothing() =>
        DailyShares.Compare(new(500, 1000), [.. Enumerable.Repeat(new DailyShare(50, 1000), 19)]).P.ShouldBeNull();

    private static double Exactly(int hits, int sample, int marked, int population)
    {
        return Choose(marked, hits) * Choose(population - marked, sample - hits) / Choose(population, sample);

        static double Choose(int n, int k) => k < 0 || k > n ? 0 : Enumerable.Range(1, k).Aggregate(1.0, (product, i) => product * (n - k + i) / i);
    }
}
