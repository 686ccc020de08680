using DriftGuard.Core.Retrieval;

namespace DriftGuard.Core.Tests.Retrieval;

public class RetrievalMetricsTests
{
    [Fact]
    public void Values_are_in_the_order_of_the_judgements_whatever_the_order_of_the_run()
    {
        var qrels = Judged(("q2", "a"), ("q1", "b"), ("q3", "c"));
        var run = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["q1"] = ["b"], ["q9"] = ["a"], ["q2"] = ["x", "a"] };

        var scores = RetrievalMetrics.Evaluate(qrels, run, [RetrievalMetric.Parse("mrr")]).ShouldHaveSingleItem();

        scores.QueryIds.ShouldBe(["q2", "q1", "q3"]);
        scores.Values.ShouldBe([.5, 1, 0]);
        scores.Mean.ShouldBe(.5);
    }

    [Fact]
    public void Nothing_measured_has_no_mean() =>
        RetrievalMetrics.Evaluate(Judged(("q", "a")), new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal), [RetrievalMetric.NdcgAt10], MissingQueries.LeaveOut)
            [0].Mean.ShouldBeNull();

    [Fact]
    public void Two_sets_of_judgements_for_one_query_are_refused() =>
        Should.Throw<ArgumentException>(() => Judged(("q", "a"), ("q", "b"))).Message.ShouldContain("'q' has two sets");

    private static Qrels Judged(params (string Query, string Relevant)[] queries) => new(queries.Select(query => KeyValuePair.Create(
        query.Query, (IReadOnlyDictionary<string, int>)new Dictionary<string, int>(StringComparer.Ordinal) { [query.Relevant] = 1 })));
}
