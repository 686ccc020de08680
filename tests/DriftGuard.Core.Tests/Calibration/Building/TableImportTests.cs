using CsCheck;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Building;
using DriftGuard.Core.Text;

namespace DriftGuard.Core.Tests.Calibration.Building;

public sealed class TableImportTests
{
    [Fact]
    public void Rows_of_a_query_are_its_judgements_and_other_columns_its_fields()
    {
        var draft = Read("query,doc_id,grade,topic\nreset,d1,2,login\nreset,d2,0,login\ndelete,d3,yes,\n");

        draft.Queries.Select(query => (query.Id, query.Text)).ShouldBe([("q0001", "reset"), ("q0002", "delete")]);
        draft.Queries[0].Fields.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["topic"] = "login" });
        draft.Queries[1].Fields.ShouldBeEmpty();
        draft.Judgements.ShouldBe([new("q0001", "d1", 2), new("q0001", "d2", 0), new("q0002", "d3", 1)]);
    }

    [Fact]
    public void A_cell_holds_several_ids_where_a_separator_is_named()
    {
        var draft = Read("query,relevant_ids\nreset,\"d1| d2\"\n", separator: "|");

        draft.Judgements.Select(judgement => judgement.DocumentId).ShouldBe(["d1", "d2"]);
    }

    [Fact]
    public void Without_ids_documents_are_named_by_their_texts()
    {
        var draft = Read("question,passage\na,the same\nb,the same\nc,another\n");

        draft.CorpusIsNeeded.ShouldBeTrue();
        draft.Corpus!.Select(document => document.Text).ShouldBe(["the same", "another"]);
        draft.Judgements.Select(judgement => judgement.DocumentId).ShouldBe([draft.Corpus![0].Id, draft.Corpus[0].Id, draft.Corpus[1].Id]);
    }

    [Fact]
    public void What_is_left_out_is_counted_and_named()
    {
        var draft = Read("query,doc_id,grade,lang\na,d1,1,en\na,d1,1,en\na,d2,,en\n,d3,1,en\nb,,1,en\na,d3,1,de\n");

        draft.Dropped.Select(drop => (drop.Reason, drop.Count, drop.Examples[0])).ShouldBe(
        [
            ("judgements that are there twice", 1, "line 3: q0001 and d1"), ("rows without a grade, not judged", 1, "line 4"), ("rows without a query", 1, "line 5"),
            ("rows without a document", 1, "line 6"), ("values of 'lang' that differ from the first row of their query", 1, "line 7: de"),
        ]);
        draft.Queries.Select(query => query.Text).ShouldBe(["a"], "a query that nothing is judged for decides nothing");
    }

    [Theory]
    [InlineData("", "t.csv: is empty; expected a header and one row a judgement.")]
    [InlineData("a,b\n1,2\n", "t.csv: has no column with the queries; the header has a, b. Name it with --query-column.")]
    [InlineData("query,b\n1,2\n", "t.csv: has no column with the relevant documents; the header has query, b. Name one with --document-column (ids) or --text-column (texts).")]
    [InlineData("query,doc_id,lang,lang\na,d1,en,de\n", "t.csv:1: the header has 'lang' twice; columns are found by name.")]
    [InlineData("query,doc_id,grade\na,d1,good\n", "t.csv:2: the grade is 'good'; expected a whole number (1 or more is relevant), or yes or no.")]
    [InlineData("query,doc_id,grade\na,d1,1\na,d1,0\n", "t.csv:3: query 'q0001' and document 'd1' are judged 1 in line 2 and 0 here; keep one.")]
    [InlineData("id,query,doc_id\n1,a,d1\n1,b,d1\n", "t.csv:3: query '1' has another text than in line 2; an id has one text.")]
    [InlineData("id,query,doc_id,text\n1,a,d1,x\n2,b,d1,y\n", "t.csv:3: document 'd1' has another text than in line 2; an id has one text.")]
    public void What_is_wrong_is_named_with_its_line(string content, string expected)
    {
        TableImport.Read("t.csv", DelimitedText.Read(content), new(), null, out var problems);

        problems.Select(problem => problem.ToString()).ShouldBe([expected]);
    }

    [Fact]
    public void A_column_that_is_named_and_not_there_is_refused_with_the_nearest()
    {
        TableImport.Read("t.csv", DelimitedText.Read("frage,doc_id\na,d1\n"), new() { Query = "frgae" }, null, out var problems);

        problems.ShouldHaveSingleItem().Message.ShouldBe("there is no column 'frgae' for --query-column; the header has frage, doc_id; did you mean 'frage'?");
    }

    [Fact]
    public void A_table_of_any_judgements_becomes_a_set_with_the_same_ones() => Gen.Dictionary(
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 6]), Gen.Int[1, 3])[1, 20].Sample(judgements =>
    {
        var rows = judgements.Select(judgement => (Query: $"what, \"{judgement.Key.Item1}\"", Document: $"d {judgement.Key.Item2}", Grade: judgement.Value)).ToList();
        var draft = Read("query,doc_id,grade\n" + string.Concat(rows.Select(row => DelimitedText.Write(',', row.Query, row.Document, $"{row.Grade}") + "\n")));
        var queries = string.Join('\n', draft.Queries.Select(query => CalibrationLines.Query(query.Id, query.Text, query.Fields)));
        var qrels = string.Join('\n', draft.Judgements.Select(judgement => CalibrationLines.Judgement(judgement.QueryId, judgement.DocumentId, judgement.Grade)).Prepend(CalibrationLines.JudgementHeader));
        var problems = CalibrationSetParser.Parse(new() { Name = "set" }, new(queries, qrels), out var set);
        return problems.Count == 0 && rows.ToHashSet().SetEquals(set!.Queries.SelectMany(query => set.Qrels[query.Id].Select(entry => (query.Text, entry.Key, entry.Value))));
    });

    private static CalibrationSetDraft Read(string content, string? separator = null)
    {
        var draft = TableImport.Read("t.csv", DelimitedText.Read(content), new(), separator, out var problems);
        problems.ShouldBeEmpty();
        return draft;
    }
}
