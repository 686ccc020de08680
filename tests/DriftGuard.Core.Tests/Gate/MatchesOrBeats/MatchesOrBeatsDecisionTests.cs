using System.Text.Json;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Retrieval;

namespace DriftGuard.Core.Tests.Gate.MatchesOrBeats;

public class MatchesOrBeatsDecisionTests
{
    [Theory]
    [InlineData(MatchesOrBeatsVerdict.Better, MatchesOrBeatsVerdict.Better, MatchesOrBeatsOutcome.Pass)]
    [InlineData(MatchesOrBeatsVerdict.Better, MatchesOrBeatsVerdict.Matches, MatchesOrBeatsOutcome.Pass)]
    [InlineData(MatchesOrBeatsVerdict.NoChange, MatchesOrBeatsVerdict.NoChange, MatchesOrBeatsOutcome.Pass)]
    [InlineData(MatchesOrBeatsVerdict.Better, MatchesOrBeatsVerdict.Inconclusive, MatchesOrBeatsOutcome.Inconclusive)]
    [InlineData(MatchesOrBeatsVerdict.Inconclusive, MatchesOrBeatsVerdict.Inconclusive, MatchesOrBeatsOutcome.Inconclusive)]
    [InlineData(MatchesOrBeatsVerdict.Better, MatchesOrBeatsVerdict.Worse, MatchesOrBeatsOutcome.Fail)]
    [InlineData(MatchesOrBeatsVerdict.Inconclusive, MatchesOrBeatsVerdict.Worse, MatchesOrBeatsOutcome.Fail)]
    [InlineData(MatchesOrBeatsVerdict.NoChange, MatchesOrBeatsVerdict.Worse, MatchesOrBeatsOutcome.Fail)]
    public void All_metrics_must_pass_and_one_that_is_worse_fails(MatchesOrBeatsVerdict one, MatchesOrBeatsVerdict other, MatchesOrBeatsOutcome outcome)
    {
        MatchesOrBeatsDecision.Of([Comparison(one), Comparison(other)]).Outcome.ShouldBe(outcome);
        MatchesOrBeatsDecision.Of([Comparison(other), Comparison(one)]).Outcome.ShouldBe(outcome);
    }

    [Fact]
    public void Nothing_compared_is_not_a_pass() => Should.Throw<ArgumentException>(() => MatchesOrBeatsDecision.Of([]));

    [Fact]
    public void Every_verdict_is_written_by_its_name()
    {
        foreach (var verdict in Enum.GetValues<MatchesOrBeatsVerdict>())
            JsonSerializer.Serialize(verdict).ShouldBe($"\"{verdict.Name()}\"");
    }

    [Fact]
    public void The_sentence_names_each_metric() =>
        MatchesOrBeatsDecision.Of([Comparison(MatchesOrBeatsVerdict.Better)]).Sentence.ShouldStartWith("ndcg@10: Better: 0.600 against 0.500, +0.1000 on 3 queries in 2 groups.");

    private static MetricComparison Comparison(MatchesOrBeatsVerdict verdict) => new(RetrievalMetric.NdcgAt10, new MatchesOrBeatsResult
    {
        Verdict = verdict,
        Rule = ComparisonRule.Point,
        Queries = 3,
        Groups = 2,
        MeanOld = .5,
        MeanNew = .6,
        MeanDifference = .1,
        Margin = .03,
        MarginIsDefault = false,
        Epsilon = .005,
        Alpha = .05,
    });
}
