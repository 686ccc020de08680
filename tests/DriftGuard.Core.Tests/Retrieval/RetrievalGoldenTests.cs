using System.Text.Json;
using DriftGuard.Core.Retrieval;
using DriftGuard.Core.Tests.Goldens;

namespace DriftGuard.Core.Tests.Retrieval;

public class RetrievalGoldenTests
{
    private const string File = "ir-metrics.json";
    private const double Tolerance = 1e-12;

    private static readonly Dictionary<string, JsonElement> Cases = Golden.Cases(File);

    public static TheoryData<string> Names => Golden.Names(File);

    public static TheoryData<string> SinglePrecisionNames =>
        [.. Cases.Where(golden => golden.Value.TryGetProperty("expected_float32", out _)).Select(golden => golden.Key)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_query_agrees_with_trec_eval(string name)
    {
        var golden = Cases[name];
        Agree(golden, golden.GetProperty("expected"), Run(golden));
    }

    [Theory]
    [MemberData(nameof(SinglePrecisionNames))]
    public void Scores_rounded_to_single_precision_give_the_order_of_older_tools(string name)
    {
        var golden = Cases[name];
        Agree(golden, golden.GetProperty("expected_float32"), Run(golden, score => (float)score));
    }

    [Fact]
    public void An_empty_list_can_be_read_as_missing_by_leaving_it_out_of_the_run()
    {
        var golden = Cases["empty-result-list"];
        var run = Run(golden).Where(query => query.Value.Count > 0).ToDictionary();
        Agree(golden, golden.GetProperty("expected_empty_list_as_missing"), run);
    }

    [Fact]
    public void All_sixty_cases_are_there() => Cases.Count.ShouldBe(60);

    // The variants of a case leave out what is the same as in its main reading.
    private static void Agree(JsonElement golden, JsonElement expected, IReadOnlyDictionary<string, IReadOnlyList<string>> run)
    {
        var qrels = new Qrels(golden.GetProperty("qrels").EnumerateObject().Select(query => KeyValuePair.Create(
            query.Name,
            (IReadOnlyDictionary<string, int>)query.Value.EnumerateObject().ToDictionary(d => d.Name, d => d.Value.GetInt32(), StringComparer.Ordinal))));
        var names = golden.GetProperty("expected").GetProperty("mean_complete").EnumerateObject().Select(metric => metric.Name).ToArray();
        var metrics = names.Select(RetrievalMetric.Parse).ToArray();
        var retrieved = RetrievalMetrics.Evaluate(qrels, run, metrics, MissingQueries.LeaveOut);
        var complete = RetrievalMetrics.Evaluate(qrels, run, metrics);
        for (var i = 0; i < metrics.Length; i++)
        {
            retrieved[i].QueryIds.Count.ShouldBe(Of(golden, expected, "num_q").GetInt32());
            complete[i].QueryIds.Count.ShouldBe(Of(golden, expected, "num_q_complete").GetInt32());
            Golden.ShouldAgree(retrieved[i].Mean, Mean(golden, expected, "mean", names[i]), Tolerance, $"mean {names[i]}");
            Golden.ShouldAgree(complete[i].Mean, Mean(golden, expected, "mean_complete", names[i]), Tolerance, $"complete mean {names[i]}");
            if (expected.TryGetProperty("per_query", out var perQuery))
                EachQueryAgrees(retrieved[i], perQuery, names[i]);
        }
    }

    private static void EachQueryAgrees(RetrievalScores scores, JsonElement perQuery, string metric)
    {
        scores.QueryIds.ShouldBe(perQuery.EnumerateObject().Select(query => query.Name), ignoreOrder: true);
        for (var query = 0; query < scores.QueryIds.Count; query++)
            Golden.ShouldAgree(scores.Values[query], perQuery.GetProperty(scores.QueryIds[query]).GetProperty(metric).GetDouble(), Tolerance, $"{metric} of {scores.QueryIds[query]}");
    }

    private static double? Mean(JsonElement golden, JsonElement expected, string key, string metric) =>
        Of(golden, expected, key) is { ValueKind: JsonValueKind.Object } means ? means.GetProperty(metric).NumberOrNull() : null;

    private static JsonElement Of(JsonElement golden, JsonElement expected, string key) =>
        expected.TryGetProperty(key, out var value) ? value : golden.GetProperty("expected").GetProperty(key);

    private static Dictionary<string, IReadOnlyList<string>> Run(JsonElement golden, Func<double, double>? round = null) =>
        golden.GetProperty("run").EnumerateObject().ToDictionary(
            query => query.Name,
            query => RankedList.FromScores(query.Value.EnumerateObject()
                .Select(document => KeyValuePair.Create(document.Name, (round ?? (score => score))(document.Value.GetDouble())))),
            StringComparer.Ordinal);
}
