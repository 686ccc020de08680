using DriftGuard.Core.Calibration.Thresholds;
using DriftGuard.Core.Statistics.Thresholds;

namespace DriftGuard.Core.Tests.Calibration.Thresholds;

public class ThresholdLearnerTests
{
    private static readonly ThresholdOptions Quick = new() { Resamples = 200, Seed = 3 };

    [Fact]
    public void A_conformal_threshold_accepts_about_alpha_of_other_negatives_and_says_what_recall_it_leaves()
    {
        var learned = Learn(Pairs(400, 600), Quick);

        learned.HeldOut.ShouldBeTrue();
        (learned.LearnedPositives, learned.LearnedNegatives).ShouldBe((200, 300));
        (learned.Figures.Positives, learned.Figures.Negatives).ShouldBe((200, 300));
        learned.Figures.FalseAccepts!.Lower.ShouldBeLessThan(.05);
        learned.Figures.FalseAccepts.Share.ShouldBeLessThan(.09);
        learned.Figures.Recall!.Share.ShouldBe(.64, .12, "of normal scores two standard deviations apart .64");
        learned.Interval!.Lower.ShouldBeLessThanOrEqualTo(learned.Cut.Value);
        learned.Interval.Upper.ShouldBeGreaterThanOrEqualTo(learned.Cut.Value);
        learned.Notes.ShouldBeEmpty();
    }

    [Fact]
    public void A_pair_that_is_listed_sixty_times_is_one_observation()
    {
        var repeated = Pairs(1, 1).SelectMany(pair => Enumerable.Repeat(pair, 60)).ToList();

        ThresholdLearner.Learn(repeated, Quick, out var missing).ShouldBeNull();
        missing.ShouldNotBeNull().ShouldContain("1 negative where 19 are needed");
        Learn([.. Pairs(400, 600), .. Pairs(400, 600)], Quick).Notes.ShouldBe(["1,000 pairs that repeat another teach nothing and were left out"]);
    }

    [Fact]
    public void The_false_accepts_of_held_out_pairs_average_alpha_over_seeds()
    {
        var pairs = Pairs(300, 400);
        var shares = Enumerable.Range(0, 60).Select(seed => Learn(pairs, Quick with { Seed = seed, Resamples = 100 }).Figures.FalseAccepts!.Share).ToList();

        shares.Average().ShouldBe(.05, .01);
        shares.Distinct().Count().ShouldBeGreaterThan(3, "each seed makes other halves");
    }

    [Fact]
    public void Youdens_threshold_maximises_recall_minus_false_accepts_on_the_half_it_learns_from()
    {
        var learned = Learn(Pairs(300, 300), Quick with { Method = ThresholdMethod.Youden });

        learned.Cut.Rule.ShouldBe(CutRule.AtOrAbove);
        learned.Cut.Value.ShouldBe(1, .45, "half way between normal scores around 0 and 2");
        learned.Figures.Accuracy!.Share.ShouldBe(.84, .06);
        learned.Slices.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ThresholdMethod.Conformal, 50, 18, "too few labelled pairs: 18 negative where 19 are needed at alpha 0.05, add 1")]
    [InlineData(ThresholdMethod.Conformal, 9, 19, "too few labelled pairs: 9 positive where 10 are needed, add 1")]
    [InlineData(ThresholdMethod.Conformal, 0, 0, "too few labelled pairs: 0 negative where 19 are needed at alpha 0.05, add 19; 0 positive where 10 are needed, add 10")]
    [InlineData(ThresholdMethod.Youden, 100, 0, "too few labelled pairs: 0 negative where 20 are needed, add 20")]
    public void Too_few_pairs_give_no_threshold_and_say_how_many_are_missing(ThresholdMethod method, int positives, int negatives, string message)
    {
        ThresholdLearner.Learn(Pairs(positives, negatives), Quick with { Method = method }, out var missing).ShouldBeNull();

        missing.ShouldBe(message);
    }

    [Theory]
    [InlineData(19, false)]
    [InlineData(37, false)]
    [InlineData(38, true)]
    public void Pairs_too_few_for_two_halves_all_teach_and_the_figures_say_so(int negatives, bool heldOut)
    {
        var learned = Learn(Pairs(30, negatives), Quick);

        learned.HeldOut.ShouldBe(heldOut);
        learned.LearnedNegatives.ShouldBe(heldOut ? 19 : negatives);
        if (!heldOut)
            learned.Notes.ShouldHaveSingleItem().ShouldContain($"{38 - negatives} more negative and 0 more positive pairs leave a half to test on");
    }

    [Fact]
    public void Pairs_that_share_a_text_stay_in_one_half()
    {
        var pairs = Pairs(200, 200).Select((pair, i) => pair with { Group = i / 4 }).ToList();

        var halves = PairHalves.Of(pairs, 1);

        halves.Learn.Select(pair => pair.Group).Intersect(halves.Test.Select(pair => pair.Group)).ShouldBeEmpty();
        (halves.Learn.Count + halves.Test.Count).ShouldBe(400);
        halves.Learn.Count(pair => pair.Positive).ShouldBeInRange(96, 104);
        halves.Learn.Count(pair => !pair.Positive).ShouldBeInRange(96, 104);
    }

    [Fact]
    public void Pairs_that_all_hang_together_do_not_fall_into_halves()
    {
        var learned = Learn([.. Pairs(200, 200).Select(pair => pair with { Group = 7 })], Quick);

        learned.HeldOut.ShouldBeFalse();
        learned.Interval.ShouldBeNull();
        learned.Notes.ShouldHaveSingleItem().ShouldContain("share so many texts");
    }

    [Fact]
    public void A_slice_in_which_the_number_lets_through_too_many_is_named_and_gets_its_own()
    {
        // In the German pairs everything scores higher: the one threshold does not carry over.
        var pairs = Pairs(300, 500, "en").Concat(Pairs(60, 100, "de", shift: 1.5, seed: 9).Select(pair => pair with { Group = pair.Group + 10_000 })).ToList();

        var learned = Learn(pairs, Quick with { Slices = ["lang"] });

        learned.Slices.Select(slice => (slice.Name, slice.AcceptsTooMany)).ShouldBe([("lang=de", true), ("lang=en", false)]);
        learned.Slices[0].OwnThreshold!.Value.ShouldBeGreaterThan(learned.Cut.Value + .5);
        learned.Notes.ShouldHaveSingleItem().ShouldContain("lang=de");
        learned.Slices.Sum(slice => slice.Figures.Negatives).ShouldBe(learned.Figures.Negatives);
    }

    [Fact]
    public void Slices_of_one_label_and_too_many_slices_do_no_harm()
    {
        var pairs = Pairs(200, 200).Select((pair, i) => pair with { Fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["label"] = pair.Positive ? "yes" : "no", ["row"] = $"{i}" } }).ToList();

        var learned = Learn(pairs, Quick with { Slices = ["label", "row"] });

        learned.Slices.Count.ShouldBe(ThresholdSlices.Most);
        learned.SlicesLeftOut.ShouldBe(202 - ThresholdSlices.Most);
        learned.Slices.Single(slice => slice.Name == "label=yes").Figures.FalseAccepts.ShouldBeNull();
        learned.Slices.Single(slice => slice.Name == "label=no").Figures.Recall.ShouldBeNull();
    }

    [Fact]
    public void Scores_that_are_all_alike_accept_nothing_and_break_nothing()
    {
        var learned = Learn([.. Pairs(50, 50).Select(pair => pair with { Score = .5 })], Quick);

        learned.Cut.ShouldBe(new Cut(.5, CutRule.Above));
        learned.Auc.ShouldBe(.5);
        learned.Figures.Recall!.Share.ShouldBe(0);
        learned.Figures.Precision.ShouldBeNull("nothing is accepted");
        learned.Figures.F1.ShouldBe(0);
    }

    [Fact]
    public void The_same_seed_gives_the_same_threshold_and_figures() =>
        System.Text.Json.JsonSerializer.Serialize(Learn(Pairs(100, 100), Quick)).ShouldBe(System.Text.Json.JsonSerializer.Serialize(Learn(Pairs(100, 100), Quick)));

    private static LearnedThreshold Learn(IReadOnlyList<ScoredPair> pairs, ThresholdOptions options) =>
        ThresholdLearner.Learn(pairs, options, out var missing) ?? throw new InvalidOperationException(missing);

    /// <summary>Negatives score around 0, positives around 2, with a standard deviation of 1.</summary>
    private static List<ScoredPair> Pairs(int positives, int negatives, string lang = "en", double shift = 0, int seed = 1)
    {
        var random = new Random(seed);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["lang"] = lang };
        return [.. Enumerable.Range(0, positives + negatives).Select(i => new ScoredPair(shift + Normal() + (i < positives ? 2 : 0), i < positives, i, fields))];

        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
