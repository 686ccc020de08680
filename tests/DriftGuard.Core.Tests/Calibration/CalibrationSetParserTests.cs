using DriftGuard.Core.Calibration;

namespace DriftGuard.Core.Tests.Calibration;

public class CalibrationSetParserTests
{
    private const string Header = "query-id\tcorpus-id\tscore\n";

    [Fact]
    public void A_sound_set_has_its_queries_judgements_and_documents()
    {
        var example = new CalibrationExample();
        var set = example.Set();

        example.Problems().ShouldBeEmpty();
        set.Queries.Select(query => (query.Id, query.Text)).ShouldBe([("q1", "reset password"), ("q2", "forgot password"), ("q3", "delete account")]);
        set.Queries[1].Fields.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["lang"] = "en", ["session"] = "s1" }, ignoreOrder: true);
        set.Qrels.QueryIds.ShouldBe(["q1", "q2", "q3"]);
        set.Qrels["q1"]["d2"].ShouldBe(2);
        set.Corpus!.Select(document => document.Id).ShouldBe(["d1", "d2", "d3"]);
        set.Corpus![0].Payload["topic"].GetProperty("area").GetString().ShouldBe("login");
        set.Corpus![1].Payload.Keys.ShouldBe(["views"]);
    }

    [Fact]
    public void Queries_with_the_same_relevant_documents_are_a_group_whatever_grade_or_order()
    {
        var set = new CalibrationExample().Set();

        set.Groups.ShouldBe([0, 0, 1]);
        set.GroupCount.ShouldBe(2);
    }

    [Fact]
    public void A_declared_field_groups_instead()
    {
        var example = new CalibrationExample { Header = new() { Name = "example", GroupField = "lang" } };

        (example with { Queries = example.Queries.Replace("en\", \"session", "de\", \"session", StringComparison.Ordinal) }).Set().Groups.ShouldBe([0, 1, 1]);
        (example with { Header = new() { Name = "example", GroupField = "session" } }).Errors()
            .ShouldBe(["queries.jsonl:1: query 'q1' has no 'session', which set.yaml declares as group_field."]);
    }

    [Fact]
    public void Byte_order_marks_carriage_returns_and_blank_lines_change_nothing()
    {
        var example = new CalibrationExample();
        var spoilt = example with
        {
            Queries = "\uFEFF" + example.Queries.Replace("\n", "\r\n\r\n", StringComparison.Ordinal),
            Qrels = "\uFEFF" + example.Qrels.Replace("\n", "\r\n", StringComparison.Ordinal),
        };

        spoilt.Problems().ShouldBeEmpty();
        spoilt.Set().Qrels["q3"].ShouldBe(example.Set().Qrels["q3"]);
    }

    [Theory]
    [InlineData("\u2028")]
    [InlineData("\u0085")]
    [InlineData("\f")]
    public void Only_a_line_feed_ends_a_line(string separator)
    {
        var example = new CalibrationExample { Pairs = $"score\tsentence1\tsentence2\n2.5\ta{separator}b\tc\rd" };

        example.Problems().ShouldBeEmpty();
        example.Set().Pairs.ShouldBe([new LabelledPair(2.5, $"a{separator}b", "c\rd")]);
    }

    [Fact]
    public void The_files_of_beir_drop_in()
    {
        var example = new CalibrationExample
        {
            Queries = """{"_id": "1", "text": "q", "metadata": {"url": "x"}}""" + "\n" + """{"_id": 2, "text": "not of this split", "metadata": {}}""",
            Qrels = Header + "1\td\t1\n",
            Corpus = """{"_id": "d", "title": "T", "text": "", "metadata": {}}""",
        };

        example.Problems().ShouldBe(
        [
            "Warning corpus.jsonl:1: 'd' is without text; what is embedded says nothing of it.",
            "Warning queries.jsonl:2: '2' is without a relevant document in qrels.tsv, left out.",
        ]);
        var set = example.Set();
        set.Queries.ShouldHaveSingleItem().Fields.ShouldBeEmpty();
        set.Warnings.Count.ShouldBe(2);
        set.Corpus!.ShouldHaveSingleItem().Payload["title"].GetString().ShouldBe("T");
    }

    [Theory]
    [InlineData("""{"id": "q2", "text": """, "not a JSON object on one line")]
    [InlineData("""["q2"]""", "not a JSON object on one line")]
    [InlineData("null", "found null")]
    [InlineData("""{"id": "q2", "id": "q9", "text": "t"}""", "not a JSON object on one line")]
    [InlineData("""{"text": "t"}""", "has no id")]
    [InlineData("""{"id": "", "text": "t"}""", "\"id\" is \"\"; expected a text")]
    [InlineData("""{"id": "a\tb", "text": "t"}""", "expected a text without tabs")]
    [InlineData("""{"id": 1.5, "text": "t"}""", "\"id\" is 1.5; expected")]
    [InlineData("""{"id": "a", "_id": "b", "text": "t"}""", "has both")]
    [InlineData("""{"id": "q9", "text": "half \ud800"}""", "half of a surrogate pair")]
    [InlineData("""{"id": "q9", "text": "t", "lang": "\udfff"}""", "half of a surrogate pair")]
    [InlineData("""{"id": "q9"}""", "has no \"text\"")]
    [InlineData("""{"id": "q9", "text": 3}""", "\"text\" is 3; expected a text")]
    [InlineData("""{"id": "q9", "text": " "}""", "the text of query 'q9' is empty")]
    [InlineData("""{"id": "q1", "text": "t"}""", "id 'q1' stands already in line 1")]
    public void A_bad_query_is_refused_with_its_line(string line, string because)
    {
        var example = new CalibrationExample { Queries = """{"id": "q1", "text": "t"}""" + "\n" + line, Qrels = Header + "q1\td1\t1\n" };

        example.Errors().ShouldHaveSingleItem().ShouldStartWith("queries.jsonl:2: ");
        example.Errors()[0].ShouldContain(because);
    }

    [Theory]
    [InlineData("q1\td1\t0.5", "expected a query id, a document id and a whole number")]
    [InlineData("q1\td1", "found 'q1\\td1'")]
    [InlineData("q1 d1 1", "expected a query id")]
    [InlineData("q1\t0\td1\t1", "expected a query id")]
    [InlineData("\td1\t1", "expected a query id")]
    [InlineData("q9\td1\t1", "query 'q9' is not in queries.jsonl (1 line names it)")]
    [InlineData("q1\td9\t1", "document 'd9' is not in corpus.jsonl (1 line names it)")]
    [InlineData("q1\td1\t3", "judged already in line 2, as 1 there and 3 here")]
    public void A_bad_judgement_is_refused_with_its_line(string line, string because)
    {
        var example = new CalibrationExample();
        var error = (example with { Qrels = example.Qrels + line }).Errors().ShouldHaveSingleItem();

        error.ShouldStartWith("qrels.tsv:8: ");
        error.ShouldContain(because);
    }

    [Theory]
    [InlineData("q1\td1\t1", "Warning qrels.tsv:8: query 'q1' and document 'd1' are judged already in line 2; the line is ignored.")]
    [InlineData("q1\td9\t0", "Warning qrels.tsv:8: document 'd9' is not in corpus.jsonl (1 line names it).")]
    public void A_judgement_that_changes_nothing_is_warned_of(string line, string warning)
    {
        var example = new CalibrationExample();

        (example with { Qrels = example.Qrels + line }).Problems().ShouldBe([warning]);
    }

    [Fact]
    public void Judgements_without_a_header_are_refused_and_still_checked()
    {
        var example = new CalibrationExample { Qrels = "q1\td1\t1\nq2\td1\t1\nq3\tmissing\t1\n" };

        example.Errors().ShouldBe(
        [
            "qrels.tsv:1: expected the header query-id, corpus-id, score, separated by tabs; found 'q1\\td1\\t1'.",
            "qrels.tsv:3: document 'missing' is not in corpus.jsonl (1 line names it).",
        ]);
    }

    [Fact]
    public void A_file_without_a_header_is_refused() =>
        new CalibrationExample { Qrels = "" }.Errors()[0].ShouldBe("qrels.tsv: is empty; expected the header query-id, corpus-id, score and one line a judgement.");

    [Fact]
    public void A_set_without_a_relevant_document_is_read_and_warned_of()
    {
        var set = new CalibrationExample { Qrels = Header + "q1\td1\t0\n" }.Set();

        set.Queries.ShouldBeEmpty();
        set.GroupCount.ShouldBe(0);
        set.Warnings.Select(warning => warning.ToString()).ShouldContain("queries.jsonl: has no query with a relevant document; nothing can be decided by it.");
    }

    [Fact]
    public void A_slice_that_no_query_has_is_refused() =>
        new CalibrationExample { Header = new() { Name = "example", Slices = [new("lang"), new("language")] } }.Errors()
            .ShouldBe(["set.yaml: slice 'language' is a field of no query in queries.jsonl."]);

    [Theory]
    [InlineData("score\tsentence1\n", "pairs.tsv:1: expected the header")]
    [InlineData("score\tsentence1\tsentence2\nhigh\ta\tb", "pairs.tsv:2: expected a number")]
    [InlineData("score\tsentence1\tsentence2\nNaN\ta\tb", "pairs.tsv:2: expected a number")]
    [InlineData("score\tsentence1\tsentence2\n1\ta\t", "pairs.tsv:2: expected a number")]
    public void A_bad_pair_is_refused_with_its_line(string pairs, string error) =>
        new CalibrationExample { Pairs = pairs }.Errors().ShouldHaveSingleItem().ShouldStartWith(error);

    [Fact]
    public void Every_problem_of_every_file_is_found_in_one_pass()
    {
        var errors = new CalibrationExample
        {
            Header = null,
            Queries = "{\n" + """{"id": "q1", "text": ""}""" + "\n" + """{"id": "q2", "text": "t"}""",
            Qrels = Header + "q2\td1\tx\nq7\td1\t1\nq2\td1\t1\n",
            Corpus = """{"id": "d1"}""",
            Pairs = "x",
        }.Errors();

        errors.Select(error => error.Split(": ")[0]).ShouldBe(["queries.jsonl:1", "queries.jsonl:2", "corpus.jsonl:1", "qrels.tsv:2", "qrels.tsv:3", "qrels.tsv:3", "pairs.tsv:1"]);
    }

    [Fact]
    public void The_message_of_a_hopeless_set_stays_readable()
    {
        var problems = Enumerable.Range(1, 60).Select(line => new CalibrationProblem(CalibrationProblemSeverity.Error, "qrels.tsv", line, "bad.")).ToArray();
        var exception = new CalibrationSetException("sets/mine", problems);

        exception.Problems.Count.ShouldBe(60);
        exception.Message.ShouldStartWith("The calibration set in 'sets/mine' has 60 errors:\n  qrels.tsv:1: bad.\n");
        exception.Message.ShouldEndWith("\n  and 10 more");
    }
}
