using DriftGuard.Core.Calibration;
using DriftGuard.Core.Statistics;
using DriftGuard.Core.Statistics.Slices;
using DriftGuard.Core.Tests.Calibration;

namespace DriftGuard.Core.Tests.Statistics.Slices;

public class SlicesRuleTests
{
    private static readonly SlicesOptions Options = new();

    [Fact]
    public void A_slice_that_loses_fails_though_the_whole_gains()
    {
        var differences = Enumerable.Range(0, 400).Select(i => i >= 300 ? -.2 : .1 + (i % 3 * .01)).ToArray();
        var result = Compare(differences, [Rest(0, 300), Rest(300, 100)]);

        result.Outcome.ShouldBe(SlicesOutcome.Fail);
        result.Slices.Select(slice => slice.Verdict).ShouldBe([SliceVerdict.NotWorse, SliceVerdict.Worse]);
        result.Slices[1].Test.ShouldBe(SliceTest.SignFlipRandom);
        result.Slices[1].P.ShouldBe(1e-4);
        result.Slices[1].AdjustedP.ShouldBe(2e-4);
        Sentences(result).ShouldBe(["part=300 is worse: -0.200 on 100 queries in 100 groups, p = 0.0002 after Holm."]);
    }

    [Fact]
    public void A_significant_loss_smaller_than_the_margin_does_not_fail()
    {
        var result = Compare([.. Enumerable.Repeat(-.029, 100)], [Rest(0, 100)]);

        result.Slices[0].AdjustedP!.Value.ShouldBeLessThan(.05);
        result.Outcome.ShouldBe(SlicesOutcome.Pass);
    }

    [Fact]
    public void A_large_loss_that_chance_explains_does_not_fail()
    {
        var result = Compare([.. Enumerable.Range(0, 40).Select(i => i < 14 ? (i % 7 < 4 ? -1.0 : .8) : 0)], [Rest(0, 40)]);

        result.Slices[0].Mean.ShouldBeLessThan(-.03);
        result.Slices[0].Test.ShouldBe(SliceTest.SignFlipExact);
        result.Slices[0].AdjustedP!.Value.ShouldBeGreaterThan(.05);
        result.Outcome.ShouldBe(SlicesOutcome.Pass);
    }

    [Fact]
    public void Whole_groups_are_flipped_together()
    {
        // 40 queries that all lose, in 14 groups: one sign vector of 2^14 is as extreme, and not one of 2^40.
        var groups = Enumerable.Range(0, 100).Select(i => i < 40 ? i % 14 : i).ToArray();
        var result = SlicesRule.Compare([new([.. Enumerable.Range(0, 100).Select(i => i < 40 ? -.1 : 0)], .03)], groups, [Rest(0, 40)], Options)[0];

        result.Slices[0].Groups.ShouldBe(14);
        result.Slices[0].P.ShouldBe(1 / 16384.0);
    }

    [Fact]
    public void Too_few_groups_to_flip_are_tested_with_the_whole_sets_design_effect()
    {
        var random = new Random(5);
        var groups = Enumerable.Range(0, 500).Select(i => i < 60 ? i / 10 : i / 2).ToArray();
        var differences = groups.Select((_, i) => i < 60 ? -.5 : (random.NextDouble() - .5) * .4).ToArray();
        var result = SlicesRule.Compare([new(differences, .03)], groups, [Rest(0, 60)], Options)[0].Slices[0];
        var whole = ClusteredDifferences.Estimated(differences, groups)!;
        var ne = 60 / whole.DesignEffect;
        var m = ne * -.5 / (ne + 2);
        var v = (((ne * .25) + 2) / (ne + 2)) - (m * m);

        result.Test.ShouldBe(SliceTest.StudentT);
        result.P!.Value.ShouldBe(MathNet.Numerics.Distributions.StudentT.CDF(0, 1, whole.Groups - 1, m / Math.Sqrt(v / (ne + 2))), 1e-12);
        result.Verdict.ShouldBe(SliceVerdict.Worse);
    }

    [Theory]
    [InlineData(false, SlicesOutcome.Pass)]
    [InlineData(true, SlicesOutcome.Inconclusive)]
    public void A_small_slice_warns_and_a_critical_one_is_inconclusive(bool critical, SlicesOutcome outcome)
    {
        var result = Compare([.. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? -.4 : .4)], [Rest(0, 29) with { Critical = critical }, Rest(29, 30)]);
        var small = result.Slices[0];

        result.Outcome.ShouldBe(outcome);
        (small.Verdict, small.P, small.AdjustedP).ShouldBe((SliceVerdict.NotTested, null, null));
        small.DetectableHarm!.Value.ShouldBe((1.6449 + .8416) * Math.Sqrt(29 / 28.0 * (.16 - (.16 / 29 / 29))) / Math.Sqrt(29), 1e-4);
        Sentences(result).ShouldHaveSingleItem().ShouldStartWith("part=0 was not tested: 29 queries, -0.014. A test would only find a loss of 0.18");
    }

    [Fact]
    public void At_most_twenty_slices_are_tested_the_critical_and_the_largest()
    {
        Slice[] slices = [.. Enumerable.Range(0, 22).Select(i => Rest(0, 30 + i) with { Value = $"v{i}", Critical = i == 0 })];
        var result = Compare([.. Enumerable.Range(0, 60).Select(i => i % 2 == 0 ? -.1 : .1)], slices);

        result.Slices.Where(slice => slice.Verdict == SliceVerdict.NotTested).Select(slice => slice.Slice.Value).ShouldBe(["v1", "v2"]);
    }

    [Fact]
    public void An_equal_candidate_rarely_fails_on_any_of_its_slices()
    {
        var random = new Random(11);
        Slice[] slices = [.. Enumerable.Range(0, 10).Select(i => Rest(i * 40, 40))];
        var failed = 0;
        for (var run = 0; run < 200; run++)
        {
            double[] differences = [.. Enumerable.Range(0, 400).Select(_ => random.Next(10) switch { 0 => -1.0, 1 => 1, 2 => -.5, 3 => .5, _ => 0 })];
            failed += Compare(differences, slices).Outcome == SlicesOutcome.Fail ? 1 : 0;
        }

        failed.ShouldBeLessThanOrEqualTo(20);
    }

    [Fact]
    public void One_group_tests_nothing()
    {
        var result = SlicesRule.Compare([new(new double[50], .03)], new int[50], [Rest(0, 50) with { Critical = true }], Options)[0];

        result.Outcome.ShouldBe(SlicesOutcome.Inconclusive);
        result.Slices[0].DetectableHarm.ShouldBeNull();
    }

    [Fact]
    public void What_is_no_difference_and_settings_out_of_range_are_refused()
    {
        Should.Throw<ArgumentException>(() => Compare([double.NaN, 0], [Rest(0, 2)])).Message.ShouldContain("Difference 0 is NaN");
        Should.Throw<ArgumentException>(() => SlicesRule.Compare([new([0, 0], 0)], [0, 1], [], Options));
        Should.Throw<ArgumentException>(() => SlicesRule.Compare([new([0, 0], .03)], [0], [], Options));
    }

    [Fact]
    public void Slices_are_the_values_of_the_declared_fields()
    {
        var example = new CalibrationExample
        {
            Header = new CalibrationSetHeader { Name = "example", Slices = [new("lang"), new("session", Critical: true)] },
        };

        Slice.Of(example.Set()).Select(slice => (slice.Name, slice.Critical, string.Join(' ', slice.Queries)))
            .ShouldBe([("lang=en", false, "0 1"), ("lang=de", false, "2"), ("session=s1", true, "1 2")]);
    }

    [Fact]
    public void A_slice_that_loses_on_the_second_metric_alone_fails_there()
    {
        var same = new double[400];
        var second = Enumerable.Range(0, 400).Select(i => i >= 300 ? -.2 : .1 + (i % 3 * .01)).ToArray();

        var results = SlicesRule.Compare([new(same, .03), new(second, .03)], [.. Enumerable.Range(0, 400)], [Rest(0, 300), Rest(300, 100)], Options);

        results.Select(result => result.Outcome).ShouldBe([SlicesOutcome.Pass, SlicesOutcome.Fail]);
        results[1].Slices[1].Verdict.ShouldBe(SliceVerdict.Worse);
        results[1].Slices[1].AdjustedP!.Value.ShouldBe(4 * results[1].Slices[1].P!.Value, 1e-12, "Holm counts slices and metrics together");
    }

    [Fact]
    public void Each_metric_has_its_own_margin()
    {
        double[] losses = [.. Enumerable.Repeat(-.04, 100)];

        var results = SlicesRule.Compare([new(losses, .03), new(losses, .05)], [.. Enumerable.Range(0, 100)], [Rest(0, 100)], Options);

        results.Select(result => result.Outcome).ShouldBe([SlicesOutcome.Fail, SlicesOutcome.Pass]);
    }

    private static SlicesResult Compare(double[] differences, Slice[] slices) =>
        SlicesRule.Compare([new(differences, .03)], [.. Enumerable.Range(0, differences.Length)], slices, Options)[0];

    private static string[] Sentences(SlicesResult result) => [.. result.WorseSentences, .. result.NotTestedSentences];

    private static Slice Rest(int from, int count) =>
        new("part", from.ToString(System.Globalization.CultureInfo.InvariantCulture), Critical: false, [.. Enumerable.Range(from, count)]);
}
