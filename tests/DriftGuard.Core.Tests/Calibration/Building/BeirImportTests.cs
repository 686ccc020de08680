using DriftGuard.Core.Calibration.Building;

namespace DriftGuard.Core.Tests.Calibration.Building;

public sealed class BeirImportTests
{
    private const string Header = "query-id\tcorpus-id\tscore\n";

    [Fact]
    public void Queries_of_other_splits_are_left_out_and_plain_metadata_are_fields()
    {
        var draft = BeirImport.Read(
            "queries.jsonl", """
                {"_id": "1", "text": "one", "metadata": {"lang": "en", "nested": {"a": 1}, "year": 2020}}
                {"_id": "2", "text": "two", "metadata": {}}
                {"_id": "3", "text": " "}
                """,
            "qrels/test.tsv", Header + "1\td1\t2\n3\td1\t1\n9\td1\t1\n", out var problems);

        problems.ShouldBeEmpty();
        var query = draft.Queries.ShouldHaveSingleItem();
        query.Fields.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["lang"] = "en", ["year"] = "2020" });
        draft.Judgements.ShouldBe([new("1", "d1", 2)]);
        draft.Dropped.Select(drop => (drop.Reason, drop.Count)).ShouldBe(
            [("queries without a judgement in qrels/test.tsv", 1), ("queries without a text", 1), ("judgements of queries that are not there", 2)]);
    }

    [Fact]
    public void Problems_name_the_split_and_its_line()
    {
        BeirImport.Read("queries.jsonl", """{"_id": "1", "text": "one"}""", "qrels/dev.tsv", Header + "1\td1\n", out var problems);

        problems.ShouldHaveSingleItem().ToString().ShouldStartWith("qrels/dev.tsv:2: expected a query id, a document id and a whole number");
    }
}
