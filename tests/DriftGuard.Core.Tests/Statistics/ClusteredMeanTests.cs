using CsCheck;
using DriftGuard.Core.Statistics;

namespace DriftGuard.Core.Tests.Statistics;

public class ClusteredMeanTests
{
    [Fact]
    public void The_interval_is_that_of_the_formula()
    {
        // On [-1, 1]: m = 4 * .5 / 6, v = (4 + 2) / 6 - 1/9, se = sqrt(v / 6), t(.975, 3) = 3.182446.
        var interval = ClusteredMean.Interval([1, 1, 0, 1], [0, 1, 2, 3])!;

        interval.Lower.ShouldBe(.054205, 1e-5);
        interval.Upper.ShouldBe(1, "it ends where values end");
        interval.Alpha.ShouldBe(.05);
    }

    [Fact]
    public void Queries_that_move_together_make_it_wider()
    {
        double[] values = [.. Enumerable.Range(0, 100).Select(i => i % 10 < 5 ? 1.0 : 0)];

        var alone = ClusteredMean.Interval(values, [.. Enumerable.Range(0, 100)])!;
        var together = ClusteredMean.Interval(values, [.. Enumerable.Range(0, 100).Select(i => i % 10)])!;

        (together.Upper - together.Lower).ShouldBeGreaterThan(2 * (alone.Upper - alone.Lower));
    }

    [Fact]
    public void Values_that_are_all_the_same_are_no_certainty()
    {
        var interval = ClusteredMean.Interval([.. Enumerable.Repeat(1.0, 50)], [.. Enumerable.Range(0, 50)])!;

        interval.Upper.ShouldBe(1);
        interval.Lower.ShouldBeInRange(.9, .97);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(5, 1)]
    public void Fewer_than_two_groups_have_no_interval(int queries, int groups) =>
        ClusteredMean.Interval(new double[queries], [.. Enumerable.Range(0, queries).Select(i => i % Math.Max(1, groups))]).ShouldBeNull();

    [Fact]
    public void It_holds_the_mean_and_stays_within_the_values() =>
        Gen.Select(Gen.Double[0, 1], Gen.Int[0, 8]).Array[2, 60].Sample(queries =>
        {
            double[] values = [.. queries.Select(query => query.Item1)];
            if (ClusteredMean.Interval(values, [.. queries.Select(query => query.Item2)]) is not { } interval)
                return queries.Select(query => query.Item2).Distinct().Count() < 2;
            return 0 <= interval.Lower && interval.Lower <= values.Average() + 1e-12 && values.Average() <= interval.Upper + 1e-12 && interval.Upper <= 1;
        });
}
