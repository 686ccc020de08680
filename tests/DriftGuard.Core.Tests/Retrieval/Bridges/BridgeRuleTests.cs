using DriftGuard.Core.Calibration;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Retrieval.Bridges;

namespace DriftGuard.Core.Tests.Retrieval.Bridges;

public sealed class BridgeRuleTests
{
    [Theory]
    [InlineData(new[] { .5, .7, .6 }, 1)]
    [InlineData(new[] { .7, .7, .7 }, 0)]
    [InlineData(new[] { .0 }, 0)]
    public void The_map_that_finds_most_is_chosen_and_of_equal_ones_the_first(double[] means, int expected) => BridgeRule.Choose(means).ShouldBe(expected);

    [Fact]
    public void Nothing_is_chosen_of_nothing_and_of_what_is_no_number()
    {
        Should.Throw<ArgumentException>(() => BridgeRule.Choose([]));
        Should.Throw<ArgumentException>(() => BridgeRule.Choose([.5, double.NaN]));
    }

    [Theory]
    [InlineData(200, 0, BridgeVerdict.Serves)]
    [InlineData(200, .1, BridgeVerdict.Refused)]
    [InlineData(1_000, .02, BridgeVerdict.Serves)] // clearly a loss, and within what a bridge may lose
    [InlineData(1_000, .045, BridgeVerdict.Refused)] // so close that more queries would not settle it
    [InlineData(50, .02, BridgeVerdict.Inconclusive)]
    [InlineData(0, 0, BridgeVerdict.Inconclusive)]
    public void A_bridge_serves_where_it_surely_loses_less_than_the_margin(int queries, double loss, BridgeVerdict expected)
    {
        var decision = Decide(queries, loss, groups: queries);

        decision.Verdict.ShouldBe(expected, decision.Result.Sentence);
    }

    /// <summary>The rule's own words: L(bridge - old) above -.05, over forty groups or more.</summary>
    [Fact]
    public void It_serves_exactly_where_the_lower_bound_of_the_gate_says_so()
    {
        foreach (var loss in Enumerable.Range(0, 60).Select(i => i / 1_000.0))
        {
            var decision = Decide(400, loss, groups: 400);
            (decision.Verdict == BridgeVerdict.Serves).ShouldBe(decision.Result.LowerBound > -.05, decision.Result.Sentence);
        }
    }

    [Fact]
    public void Fewer_groups_than_the_gate_needs_decide_nothing()
    {
        Decide(400, .01, groups: MatchesOrBeatsRule.MinimumGroups - 1).Verdict.ShouldBe(BridgeVerdict.Inconclusive);
        Decide(400, .01, groups: MatchesOrBeatsRule.MinimumGroups).Verdict.ShouldBe(BridgeVerdict.Serves);
    }

    [Fact]
    public void What_chooses_does_not_decide_and_groups_stay_whole()
    {
        var queries = Enumerable.Range(0, 90).Select(i => new CalibrationQuery($"q{i}", $"text {i}", i / 3, new Dictionary<string, string>(StringComparer.Ordinal))).ToList();
        var set = new CalibrationSet
        {
            Header = new() { Name = "set" },
            Queries = queries,
            Qrels = new(queries.Select(query => KeyValuePair.Create<string, IReadOnlyDictionary<string, int>>(query.Id, new Dictionary<string, int>(StringComparer.Ordinal) { [$"d{query.Group}"] = 1 }))),
        };

        var split = BridgeRule.Split(set, seed: 7);

        split.First.Intersect(split.Second).ShouldBeEmpty();
        (split.First.Count, split.Second.Count).ShouldBe((45, 45));
        queries.GroupBy(query => query.Group).ShouldAllBe(group => group.All(query => split.First.Contains(query.Id)) || group.All(query => split.Second.Contains(query.Id)));
        BridgeRule.Split(set, seed: 7).First.ShouldBe(split.First, ignoreOrder: true);
        BridgeRule.Split(set, seed: 8).First.SetEquals(split.First).ShouldBeFalse();
    }

    [Fact]
    public void Few_queries_are_said_to_be_few()
    {
        BridgeRule.NoteOn(399).ShouldNotBeNull().ShouldContain("400 are wanted");
        BridgeRule.NoteOn(400).ShouldBeNull();
    }

    /// <summary>Of every hundred queries as many lose all as makes the loss.</summary>
    private static BridgeDecision Decide(int queries, double loss, int groups)
    {
        var old = Enumerable.Repeat(1.0, queries).ToArray();
        var lost = (int)Math.Round(queries * loss);
        var bridge = Enumerable.Range(0, queries).Select(i => i < lost ? 0.0 : 1.0).ToArray();
        return BridgeRule.Decide(old, bridge, [.. Enumerable.Range(0, queries).Select(i => i % Math.Max(1, groups))]);
    }
}
