using DriftGuard.Core.Gate.MatchesOrBeats;

namespace DriftGuard.Core.Tests.Gate.MatchesOrBeats;

public class MatchesOrBeatsRuleTests
{
    private static readonly MatchesOrBeatsOptions MarginOf2 = new() { Margin = .02 };

    [Theory]
    [InlineData(1, 300, 300, 0)]
    [InlineData(2, 300, 60, .01)]
    [InlineData(3, 1000, 150, -.01)]
    [InlineData(4, 1000, 40, -.05)]
    [InlineData(5, 50, 12, .2)]
    [InlineData(6, 2, 2, 0)]
    [InlineData(7, 1200, 240, .02)]
    public void Every_figure_is_that_of_the_formulas(int seed, int n, int groupCount, double shift)
    {
        var (before, after, groups) = Example(seed, n, groupCount, shift);
        var result = MatchesOrBeatsRule.Compare(before, after, groups, MarginOf2);
        var reference = RuleRecomputed.From([.. after.Zip(before, (a, b) => a - b)], groups, .02);

        result.Queries.ShouldBe(n);
        result.Groups.ShouldBe(groups.Distinct().Count());
        result.MeanOld.ShouldBe(before.Average(), 1e-12);
        result.MeanNew.ShouldBe(after.Average(), 1e-12);
        result.MeanDifference.ShouldBe(after.Average() - before.Average(), 1e-12);
        result.DesignEffect!.Value.ShouldBe(reference.Deff, 1e-9);
        result.EffectiveQueries!.Value.ShouldBe(n / reference.Deff, 1e-8);
        result.Estimate!.Value.ShouldBe(reference.M, 1e-12);
        result.StandardError!.Value.ShouldBe(reference.Se, 1e-12);
        result.LowerBound!.Value.ShouldBe(reference.L, 1e-9);
        result.UpperBound!.Value.ShouldBe(reference.U, 1e-9);
        result.AttainableMargin!.Value.ShouldBe(reference.AttainableMargin, 1e-3 * reference.AttainableMargin);
        result.Verdict.ShouldBe(
            reference.L > 0 ? MatchesOrBeatsVerdict.Better
            : reference.U < -.005 ? MatchesOrBeatsVerdict.Worse
            : reference.L > -.02 && result.Groups >= 40 ? MatchesOrBeatsVerdict.Matches
            : MatchesOrBeatsVerdict.Inconclusive);
    }

    [Theory]
    [InlineData(115, MatchesOrBeatsVerdict.Inconclusive)]
    [InlineData(116, MatchesOrBeatsVerdict.Matches)]
    public void Without_any_difference_a_margin_of_2_percent_takes_116_groups(int groups, MatchesOrBeatsVerdict verdict) =>
        Compare(new double[groups], [.. Enumerable.Range(0, groups)], MarginOf2).Verdict.ShouldBe(verdict);

    [Fact]
    public void Without_any_difference_queries_of_one_group_count_once()
    {
        var result = Compare(new double[1150], [.. Enumerable.Range(0, 1150).Select(query => query / 10)], MarginOf2);

        result.DesignEffect.ShouldBe(10);
        result.Verdict.ShouldBe(MatchesOrBeatsVerdict.Inconclusive);
    }

    [Fact]
    public void Equal_differences_have_no_variance_whatever_rounding_leaves_of_it()
    {
        var result = Compare([.. Enumerable.Repeat(.1, 300)], [.. Enumerable.Range(0, 300).Select(query => query / 3)], MarginOf2);

        result.DesignEffect.ShouldBe(3);
        result.Verdict.ShouldBe(MatchesOrBeatsVerdict.Better);
    }

    [Theory]
    [InlineData(39, MatchesOrBeatsVerdict.Inconclusive)]
    [InlineData(40, MatchesOrBeatsVerdict.Matches)]
    public void Fewer_than_40_groups_never_match(int groupCount, MatchesOrBeatsVerdict verdict)
    {
        // Opposite differences inside each group: the groups cost nothing, so that only their number decides.
        var differences = Enumerable.Range(0, groupCount * 100).Select(query => query % 2 == 0 ? .01 : -.01).ToArray();
        var result = Compare(differences, [.. Enumerable.Range(0, differences.Length).Select(query => query / 100)], MarginOf2);

        result.LowerBound!.Value.ShouldBeGreaterThan(-.02);
        result.Verdict.ShouldBe(verdict);
        result.GroupsNeeded.ShouldBe(groupCount < 40 ? 40 : null);
        if (groupCount < 40)
            result.Sentence.ShouldEndWith("At least 40 groups of queries are needed: add queries of 1 or more other documents.");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(50, 1)]
    public void One_query_or_one_group_is_inconclusive_and_has_no_bounds(int n, int groupCount)
    {
        var result = Compare([.. Enumerable.Repeat(.5, n)], [.. Enumerable.Range(0, n).Select(query => query % groupCount)], MarginOf2);

        result.Verdict.ShouldBe(MatchesOrBeatsVerdict.Inconclusive);
        (result.LowerBound, result.UpperBound, result.DesignEffect, result.AttainableMargin, result.QueriesNeeded).ShouldBe((null, null, null, null, null));
        result.Sentence.ShouldContain("Two queries in two groups are the least");
    }

    [Fact]
    public void The_queries_that_would_settle_it_are_said()
    {
        var (before, after, groups) = Example(seed: 11, n: 80, groupCount: 80, shift: 0);
        var few = MatchesOrBeatsRule.Compare(before, after, groups, MarginOf2);
        var reference = RuleRecomputed.From([.. after.Zip(before, (a, b) => a - b)], groups, .02);

        few.Verdict.ShouldBe(MatchesOrBeatsVerdict.Inconclusive);
        few.QueriesNeeded!.Value.ShouldBeInRange((int)reference.QueriesNeeded - 2, (int)reference.QueriesNeeded + 2);
        few.Sentence.ShouldContain(FormattableString.Invariant($"About {few.QueriesNeeded:N0} queries would settle it"));
    }

    [Fact]
    public void A_loss_close_to_the_margin_is_not_settled_by_more_queries()
    {
        var differences = Enumerable.Range(0, 400).Select(query => query % 10 == 0 ? -1 : query % 10 == 1 ? .82 : 0).ToArray();
        var result = Compare(differences, [.. Enumerable.Range(0, 400)], MarginOf2);

        result.Verdict.ShouldBe(MatchesOrBeatsVerdict.Inconclusive);
        result.MoreQueriesWillNotSettleIt.ShouldBeTrue();
        result.QueriesNeeded.ShouldBeNull();
        result.Sentence.ShouldContain("More queries will not settle it");
    }

    [Theory]
    [InlineData(200, 1, .05)]
    [InlineData(999, 1, .05)]
    [InlineData(1000, 1, .02)]
    [InlineData(1200, 3, .03)]
    [InlineData(3000, 3, .02)]
    public void Without_a_margin_set_the_queries_choose_it(int n, int perGroup, double margin)
    {
        var result = Compare(new double[n], [.. Enumerable.Range(0, n).Select(query => query / perGroup)], new MatchesOrBeatsOptions());

        (result.Margin, result.MarginIsDefault).ShouldBe((margin, true));
    }

    [Fact]
    public void One_model_on_both_sides_is_no_change_and_passes()
    {
        var result = MatchesOrBeatsRule.Compare([.5, .5], [.5, .5], [0, 1], MarginOf2, sameFingerprint: true);

        result.Verdict.ShouldBe(MatchesOrBeatsVerdict.NoChange);
        result.Verdict.Passes().ShouldBeTrue();
    }

    [Fact]
    public void One_model_that_measures_worse_is_a_damaged_collection_and_fails() =>
        MatchesOrBeatsRule.Compare([.. Enumerable.Repeat(1.0, 200)], new double[200], [.. Enumerable.Range(0, 200)], MarginOf2, sameFingerprint: true)
            .Verdict.ShouldBe(MatchesOrBeatsVerdict.Worse);

    [Theory]
    [InlineData(.5, MatchesOrBeatsVerdict.Better)]
    [InlineData(1e-13, MatchesOrBeatsVerdict.Matches)]
    [InlineData(0, MatchesOrBeatsVerdict.Matches)]
    [InlineData(-1e-13, MatchesOrBeatsVerdict.Matches)]
    [InlineData(-1e-9, MatchesOrBeatsVerdict.Worse)]
    public void The_point_rule_compares_means_with_a_tolerance(double difference, MatchesOrBeatsVerdict verdict) =>
        MatchesOrBeatsRule.Compare([.5], [.5 + difference], [0], new MatchesOrBeatsOptions { Rule = ComparisonRule.Point }).Verdict.ShouldBe(verdict);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-.1)]
    [InlineData(1.1)]
    public void A_value_that_is_no_metric_never_reaches_a_verdict(double value)
    {
        foreach (var rule in Enum.GetValues<ComparisonRule>())
        {
            Should.Throw<ArgumentException>(() => MatchesOrBeatsRule.Compare([0, value], [0, 0], [0, 1], new MatchesOrBeatsOptions { Rule = rule }))
                .Message.ShouldContain("old value of query 1");
            Should.Throw<ArgumentException>(() => MatchesOrBeatsRule.Compare([0, 0], [value, 0], [0, 1], new MatchesOrBeatsOptions { Rule = rule }))
                .Message.ShouldContain("new value of query 0");
        }
    }

    [Fact]
    public void Lists_of_different_length_are_refused()
    {
        Should.Throw<ArgumentException>(() => MatchesOrBeatsRule.Compare([0], [0, 0], [0, 1], MarginOf2)).Message.ShouldContain("found 1, 2 and 2");
        Should.Throw<ArgumentException>(() => MatchesOrBeatsRule.Compare([0, 0], [0, 0], [0], MarginOf2));
    }

    [Theory]
    [InlineData(ComparisonRule.Paired, false)]
    [InlineData(ComparisonRule.Point, false)]
    [InlineData(ComparisonRule.Paired, true)]
    public void No_query_is_inconclusive_under_every_rule_and_says_what_to_add(ComparisonRule rule, bool sameFingerprint)
    {
        var result = MatchesOrBeatsRule.Compare([], [], [], MarginOf2 with { Rule = rule }, sameFingerprint);

        result.Verdict.ShouldBe(MatchesOrBeatsVerdict.Inconclusive);
        (result.MeanOld, result.MeanNew, result.MeanDifference, result.LowerBound).ShouldBe((0, 0, 0, null));
        result.Sentence.ShouldBe("Inconclusive: there is no query to compare. Add 40 or more, of different documents.");
    }

    [Fact]
    public void Unusable_settings_are_refused_all_at_once()
    {
        var options = new MatchesOrBeatsOptions { Margin = double.NaN, Epsilon = -1, Alpha = .5, Rule = (ComparisonRule)7 };

        options.Problems().Count.ShouldBe(4);
        Should.Throw<ArgumentException>(() => Compare([0, 0], [0, 1], options)).Message.ShouldContain("margin NaN");
    }

    private static MatchesOrBeatsResult Compare(double[] differences, int[] groups, MatchesOrBeatsOptions options) =>
        MatchesOrBeatsRule.Compare([.. differences.Select(d => Math.Max(0, -d))], [.. differences.Select(d => Math.Max(0, d))], groups, options);

    private static (double[] Before, double[] After, int[] Groups) Example(int seed, int n, int groupCount, double shift)
    {
        var random = new Random(seed);
        var ofGroup = Enumerable.Range(0, groupCount).Select(_ => (random.NextDouble() - .5) * .2).ToArray();
        int[] groups = [.. Enumerable.Range(0, n).Select(query => query % groupCount)];
        double[] before = [.. groups.Select(_ => random.NextDouble())];
        double[] after = [.. before.Select((value, i) => random.Next(3) == 0 ? Math.Clamp(value + ofGroup[groups[i]] + shift, 0, 1) : value)];
        return (before, after, groups);
    }
}
