using CsCheck;
using DriftGuard.Core.Statistics;
using DriftGuard.Core.Statistics.Thresholds;

namespace DriftGuard.Core.Tests.Statistics.Thresholds;

public class ThresholdLawTests
{
    private static readonly Gen<double[]> Scores = Gen.Int[0, 60].Select(grid => grid / 20.0).Array[1, 80];

    [Theory]
    [InlineData(".05", 19)]
    [InlineData(".1", 9)]
    [InlineData(".2", 4)]
    [InlineData(".01", 99)]
    [InlineData(".3", 3)]
    public void The_fewest_negatives_give_their_largest_score_and_one_less_gives_none(string alpha, int least)
    {
        var level = decimal.Parse(alpha, System.Globalization.CultureInfo.InvariantCulture);
        double[] negatives = [.. Enumerable.Range(1, least).Select(i => i / 1000.0)];

        ConformalThreshold.LeastNegatives(level).ShouldBe(least);
        ConformalThreshold.OnNegatives(negatives, level).Cut.ShouldBe(new Cut(least / 1000.0, CutRule.Above));
        ConformalThreshold.OnNegatives(negatives[1..], level).Cut.ShouldBeNull();
    }

    [Fact]
    public void At_most_alpha_of_the_negatives_themselves_is_accepted() => Scores.Sample(negatives =>
    {
        foreach (var alpha in new[] { .05m, .1m, .29m, .5m })
        {
            if (ConformalThreshold.OnNegatives(negatives, alpha).Cut is { } cut)
                ((decimal)negatives.Count(cut.Accepts)).ShouldBeLessThanOrEqualTo(alpha * (negatives.Length + 1));
        }
    });

    [Fact]
    public void A_new_negative_is_accepted_with_probability_alpha_at_most()
    {
        var random = new Random(7);
        var accepted = 0;
        const int Trials = 20_000;
        for (var i = 0; i < Trials; i++)
        {
            double[] scores = [.. Enumerable.Range(0, 40).Select(_ => random.NextDouble())];
            accepted += ConformalThreshold.OnNegatives(scores[1..], .05m).Cut!.Value.Accepts(scores[0]) ? 1 : 0;
        }

        // k = 38 of 39: the probability is exactly 2 / 40.
        ShareBounds.Lower(accepted, Trials, 1e-4).ShouldBeLessThan(.05);
        ShareBounds.Upper(accepted, Trials, 1e-4).ShouldBeGreaterThan(.05);
    }

    [Fact]
    public void The_area_does_not_change_when_scores_are_stretched() => Gen.Select(Scores, Gen.Int[1, 1_000_000]).Sample((scores, seed) =>
    {
        bool[] labels = [.. scores.Select((_, i) => new Random(seed + i).Next(2) == 0)];
        RocCurve.Of([.. scores.Select(score => Math.Exp(3 * score))], labels).Auc().ShouldBe(RocCurve.Of(scores, labels).Auc());
    });

    [Fact]
    public void Matching_a_scale_with_itself_cuts_the_same_pairs() => Gen.Select(Scores, Gen.Int[0, 60], Gen.Bool).Sample((scores, at, above) =>
    {
        var cut = new Cut(at / 20.0, above ? CutRule.Above : CutRule.AtOrAbove);
        if (QuantileMatching.Match(scores, scores, cut) is { } matched)
            scores.Select(matched.Accepts).ShouldBe(scores.Select(cut.Accepts));
        else
            scores.Select(cut.Accepts).Distinct().Count().ShouldBe(1);
    });

    [Fact]
    public void A_stretched_scale_is_matched_by_stretching_the_threshold()
    {
        double[] old = [.. Enumerable.Range(0, 500).Select(i => i / 500.0)];
        double[] @new = [.. old.Select(score => .7 + (.3 * score))];

        QuantileMatching.Match(old, @new, new(.8, CutRule.AtOrAbove))!.Value.Value.ShouldBe(.7 + (.3 * .8), 1e-12);
        QuantileMatching.Match(old, @new, new(1.5, CutRule.AtOrAbove)).ShouldBeNull();
        QuantileMatching.Match(old, @new, new(-1, CutRule.Above)).ShouldBeNull();
    }

    [Fact]
    public void Shares_of_lone_observations_have_the_bounds_of_Clopper_and_Pearson()
    {
        bool[] hits = [.. Enumerable.Range(0, 40).Select(i => i % 8 == 0)];

        var share = ClusteredShare.Of(hits, [.. Enumerable.Range(0, 40)])!;

        (share.Hits, share.Sample, share.DesignEffect).ShouldBe((5, 40, 1.0));
        share.Lower.ShouldBe(ShareBounds.Lower(5, 40, .025), 1e-12);
        share.Upper.ShouldBe(ShareBounds.Upper(5, 40, .025), 1e-12);
        share.PAbove(share.Lower).ShouldBe(.025, 1e-9);
    }

    [Fact]
    public void Groups_that_move_together_count_as_fewer_observations()
    {
        // Twice the same 20 observations: as sure as 20 of them.
        bool[] once = [.. Enumerable.Range(0, 20).Select(i => i % 4 == 0)];
        var twice = ClusteredShare.Of([.. once, .. once], [.. Enumerable.Range(0, 20), .. Enumerable.Range(0, 20)])!;
        var single = ClusteredShare.Of(once, [.. Enumerable.Range(0, 20)])!;

        twice.Share.ShouldBe(single.Share);
        twice.DesignEffect.ShouldBe(2, .1);
        twice.Upper.ShouldBe(single.Upper, .01);
        ClusteredShare.Of([true, true, true], [1, 1, 1])!.Lower.ShouldBe(.025, 1e-9);
        ClusteredShare.Of([], []).ShouldBeNull();
    }

    [Fact]
    public void The_bootstrap_draws_groups_whole_and_the_same_again_from_its_seed()
    {
        int[] groups = [0, 0, 1, 1, 2, 2];

        GroupBootstrap.Interval(groups, 5, 200, positions => positions.Count % 2 == 0 && positions.Count(p => p == 0) == positions.Count(p => p == 1) ? 1 : -1)!
            .ShouldBe(new BootstrapInterval(1, 1, .95, 200));
        GroupBootstrap.Interval(groups, 5, 200, positions => positions.Sum()).ShouldBe(GroupBootstrap.Interval(groups, 5, 200, positions => positions.Sum()));
        GroupBootstrap.Interval([1, 1, 1], 5, 200, _ => 1).ShouldBeNull();
        GroupBootstrap.Interval(groups, 5, 200, _ => null).ShouldBeNull();
    }
}
