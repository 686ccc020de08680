using DriftGuard.Core.Retrieval;

namespace DriftGuard.Core.Tests.Retrieval;

public class RetrievalMetricTests
{
    [Theory]
    [InlineData("recall@10", RetrievalMetricKind.Recall, 10, "recall@10")]
    [InlineData("recall_10", RetrievalMetricKind.Recall, 10, "recall@10")]
    [InlineData("recall_cap@10", RetrievalMetricKind.CappedRecall, 10, "recall_cap@10")]
    [InlineData("recall_cap_10", RetrievalMetricKind.CappedRecall, 10, "recall_cap@10")]
    [InlineData("P_5", RetrievalMetricKind.Precision, 5, "precision@5")]
    [InlineData("precision@5", RetrievalMetricKind.Precision, 5, "precision@5")]
    [InlineData("success@1", RetrievalMetricKind.Success, 1, "success@1")]
    [InlineData("ndcg_cut_100", RetrievalMetricKind.Ndcg, 100, "ndcg@100")]
    [InlineData("ndcg@100", RetrievalMetricKind.Ndcg, 100, "ndcg@100")]
    [InlineData("map", RetrievalMetricKind.AveragePrecision, 0, "map")]
    [InlineData("recip_rank", RetrievalMetricKind.ReciprocalRank, 0, "mrr")]
    public void Names_are_ours_or_those_of_trec_eval(string name, RetrievalMetricKind kind, int cutoff, string canonical)
    {
        var metric = RetrievalMetric.Parse(name);

        (metric.Kind, metric.Cutoff, metric.Name).ShouldBe((kind, cutoff, canonical));
        RetrievalMetric.Parse(metric.Name).ShouldBe(metric);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ndcg")]
    [InlineData("ndcg@0")]
    [InlineData("ndcg@-1")]
    [InlineData("ndcg@ten")]
    [InlineData("ndcg@99999999999")]
    [InlineData("NDCG@10")]
    [InlineData("map@10")]
    [InlineData("@10")]
    public void A_name_that_is_no_metric_is_refused_with_the_forms_that_are(string name) =>
        Should.Throw<FormatException>(() => RetrievalMetric.Parse(name)).Message.ShouldContain($"'{name}' is not a retrieval metric. Expected recall@k");

    [Theory]
    [InlineData(2, 100, .2)]
    [InlineData(10, 100, 1)]
    [InlineData(2, 4, .5)]
    [InlineData(4, 4, 1)]
    [InlineData(0, 4, 0)]
    public void Capped_recall_divides_by_what_the_first_k_can_hold(int found, int relevant, double expected)
    {
        var ranked = Enumerable.Range(0, found).Select(i => $"r{i}").Concat(Enumerable.Range(0, 10 - found).Select(i => $"x{i}")).ToArray();
        var judgements = Enumerable.Range(0, relevant).ToDictionary(i => $"r{i}", _ => 1, StringComparer.Ordinal);

        RetrievalMetric.CappedRecallAt10.Evaluate(ranked, judgements).ShouldBe(expected, 1e-15);
    }

    [Fact]
    public void Capped_recall_is_0_where_nothing_is_relevant() =>
        RetrievalMetric.CappedRecallAt10.Evaluate(["a"], new Dictionary<string, int>(StringComparer.Ordinal) { ["a"] = 0 }).ShouldBe(0);

    [Fact]
    public void A_document_ranked_twice_is_refused() =>
        Should.Throw<ArgumentException>(() => RetrievalMetric.NdcgAt10.Evaluate(["a", "b", "a"], new Dictionary<string, int>(StringComparer.Ordinal) { ["a"] = 1 }))
            .Message.ShouldContain("'a' is ranked twice, the second time at rank 3");

    [Fact]
    public void The_depth_a_search_needs_is_the_cutoff_or_the_whole_list()
    {
        RetrievalMetric.NdcgAt10.Depth.ShouldBe(10);
        RetrievalMetric.Parse("map").Depth.ShouldBeNull();
    }
}
