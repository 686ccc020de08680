using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Linting;
using DriftGuard.Core.Calibration.Power;
using DriftGuard.Core.Text;

namespace DriftGuard.Core.Tests.Calibration.Linting;

public sealed class CalibrationLintTests
{
    private const int Enough = 60;

    [Fact]
    public void A_sound_set_has_only_a_note_on_its_grades()
    {
        var report = Report(new() { Set = SetExample.Of(SetExample.Queries(Enough)) });

        report.Verdict.ShouldBe(LintVerdict.Sound);
        report.Findings.Select(finding => (finding.Rule, finding.Severity)).ShouldBe([("grades", LintSeverity.Note)]);
    }

    [Theory]
    [InlineData(0, "has no query with a relevant document")]
    [InlineData(1, "has one query")]
    [InlineData(39, "has 39 queries in 39 groups")]
    public void A_set_without_groups_enough_cannot_decide(int queries, string size)
    {
        var report = Report(new() { Set = SetExample.Of(SetExample.Queries(queries)) });

        report.Verdict.ShouldBe(LintVerdict.CannotDecide);
        report.Findings[0].Message.ShouldContain(size);
        report.Findings[0].Figures["groups"].ShouldBe(queries);
    }

    [Fact]
    public void The_same_text_with_other_relevant_documents_is_an_error_and_with_the_same_ones_a_warning()
    {
        var conflict = Look([.. SetExample.Queries(Enough), SetExample.Query(100, "  Question NUMBER 7")], "duplicate_queries");
        var repeat = Look([.. SetExample.Queries(Enough), SetExample.Query(100, "Question number\t7", "d7")], "duplicate_queries");

        conflict.Severity.ShouldBe(LintSeverity.Error);
        conflict.Examples.ShouldBe(["q7 = q100: question number 7"]);
        repeat.Severity.ShouldBe(LintSeverity.Warning);
        repeat.Figures["queries"].ShouldBe(2);
    }

    [Fact]
    public void Texts_that_are_one_after_normalisation_are_one() =>
        QueryText.Normalised("cafe\u0301  Au\nLait").ShouldBe(QueryText.Normalised("CAF\u00c9 au lait"));

    [Theory]
    [InlineData("how do I reset the password of my account", "how do I reset the password of my account please", true)]
    [InlineData("how do I reset the password of my account", "how do I delete the data of my friend", false)]
    [InlineData("reset my password", "my password reset", false)]
    public void Queries_with_next_to_the_same_words_are_noted(string one, string other, bool near) =>
        CalibrationLint.Look(new() { Set = SetExample.Of([.. SetExample.Queries(Enough), SetExample.Query(100, one), SetExample.Query(101, other)]) })
            .Any(finding => finding.Rule == "near_duplicate_queries").ShouldBe(near);

    [Fact]
    public void A_twin_of_a_relevant_document_that_is_not_judged_makes_a_miss_of_a_find()
    {
        var finding = Look(SetExample.Queries(Enough), "duplicate_documents", documents: new() { ["d1"] = "text", ["d1-copy"] = "text", ["d2"] = "other", ["x"] = "unrelated", ["y"] = "unrelated" });

        finding.Severity.ShouldBe(LintSeverity.Warning);
        finding.Examples.ShouldBe(["q1: d1 = d1-copy"]);
        finding.Figures["unjudged_twins"].ShouldBe(1);
    }

    [Fact]
    public void A_query_that_is_its_document_is_a_leak_and_one_that_stands_in_it_easier()
    {
        var (copy, within) = ("what is the capital of the Free State", "who won the game in the second half of the season");
        var findings = CalibrationLint.Look(new()
        {
            Set = SetExample.Of([.. SetExample.Queries(Enough), SetExample.Query(100, copy), SetExample.Query(101, within), SetExample.Query(102, "short")]),
            Documents = new Dictionary<string, string>(StringComparer.Ordinal) { ["d100"] = copy.ToUpperInvariant(), ["d101"] = $"They asked {within} and left.", ["d102"] = "a short text" },
        }).Where(finding => finding.Rule == "leaks").ToList();

        findings.Select(finding => (finding.Severity, finding.Figures["queries"])).ShouldBe([(LintSeverity.Warning, 1), (LintSeverity.Note, 1)]);
    }

    [Fact]
    public void Unjudged_results_are_counted_by_query_and_by_slice()
    {
        var set = SetExample.Of(SetExample.Queries(50, i => [("lang", i < 25 ? "en" : "de")]), new CalibrationSlice("lang"));
        var holes = Holes.Of(set, new("side", [.. Enumerable.Range(0, 50).Select(i => (IReadOnlyList<string>)(i < 25 ? [$"d{i}"] : [$"d{i}", "other"]))]));

        (holes.Retrieved, holes.Unjudged, holes.QueriesWithHoles, holes.Share).ShouldBe((75, 25, 25, .25));
        holes.Slices.Select(slice => (slice.Slice, slice.Share)).ShouldBe([("lang=en", 0), ("lang=de", .5)]);
    }

    [Fact]
    public void One_judgement_a_query_has_holes_by_nature_and_several_a_warning()
    {
        var single = SetExample.Queries(Enough);
        IReadOnlyList<ExampleQuery> several = [.. single.Select(query => query with { Judgements = new Dictionary<string, int>(query.Judgements, StringComparer.Ordinal) { ["other"] = 0 } })];
        RetrievedSide[] side = [new("side", [.. Enumerable.Range(0, Enough).Select(i => (IReadOnlyList<string>)[$"d{i}", "unjudged"])])];

        var byNature = CalibrationLint.Look(new() { Set = SetExample.Of(single), Retrieved = side }).Single(finding => finding.Rule == "holes");
        var warned = CalibrationLint.Look(new() { Set = SetExample.Of(several), Retrieved = side }).Single(finding => finding.Rule == "holes");

        (byNature.Severity, byNature.Message.Contains("by nature", StringComparison.Ordinal)).ShouldBe((LintSeverity.Note, true));
        (warned.Severity, warned.Figures["share"]).ShouldBe((LintSeverity.Warning, .5));
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(0, false)]
    public void A_side_whose_results_were_judged_more_is_favoured_beyond_chance(int queriesWithMoreHoles, bool found)
    {
        RetrievedSide Side(string name, int holes) => new(name, [.. Enumerable.Range(0, Enough).Select(i => (IReadOnlyList<string>)(i < holes ? ["a", "b"] : [$"d{i}", "a"]))]);
        var subject = new LintSubject { Set = SetExample.Of(SetExample.Queries(Enough)), Compared = [Side("old", 0), Side("new", queriesWithMoreHoles)] };

        var finding = CalibrationLint.Look(subject).SingleOrDefault(finding => finding.Rule == "uneven_holes");

        (finding is not null).ShouldBe(found);
        (finding?.Message.EndsWith("labelled from what old finds and favours it", StringComparison.Ordinal) ?? true).ShouldBeTrue();
        (finding?.Message.Contains("under new are unjudged, and 50 % under old", StringComparison.Ordinal) ?? true).ShouldBeTrue(finding?.Message);
    }

    [Theory]
    [InlineData(3, 100, LintSeverity.Warning, "3 of 100 relevant documents (3 %) are not in the index")]
    [InlineData(100, 100, LintSeverity.Error, "none of the 100 relevant documents is in the index")]
    public void Stale_ids_are_counted_and_an_index_without_any_is_another_corpus(int missing, int relevant, LintSeverity severity, string message)
    {
        var finding = CalibrationLint.Look(new() { Set = SetExample.Of(SetExample.Queries(Enough)), Stale = new(relevant, missing, ["d1"], missing, missing) }).Single(finding => finding.Rule == "stale_ids");

        finding.Severity.ShouldBe(severity);
        finding.Message.ShouldStartWith(message);
    }

    [Fact]
    public void A_large_group_outweighs_the_others()
    {
        var finding = Look([.. SetExample.Queries(Enough), .. Enumerable.Range(100, 40).Select(i => SetExample.Query(i, document: "d0"))], "dominant_groups");

        finding.Figures["largest_share"].ShouldBe(.41);
        finding.Figures["effective_groups"].ShouldBe(100.0 * 100 / ((41 * 41) + 59), 1e-9);
    }

    [Theory]
    [InlineData(false, LintSeverity.Warning)]
    [InlineData(true, LintSeverity.Error)]
    public void Slices_that_are_not_tested_are_named_and_critical_ones_block(bool critical, LintSeverity severity)
    {
        var set = SetExample.Of(SetExample.Queries(200, i => [("lang", i < 10 ? "de" : i < 60 ? "fr" : "en")]), new CalibrationSlice("lang", critical));

        var findings = CalibrationLint.Look(new() { Set = set }).Where(finding => finding.Rule == "slice_sizes").ToList();

        findings.Select(finding => (finding.Severity, finding.Examples.Single())).ShouldBe([(severity, "lang=de: 10"), (LintSeverity.Warning, "lang=fr: 50")]);
    }

    [Fact]
    public void More_than_twenty_slices_are_not_all_tested() =>
        CalibrationLint.Look(new() { Set = SetExample.Of(SetExample.Queries(2500, i => [("topic", $"t{i % 25}")]), new CalibrationSlice("topic")) })
            .Single(finding => finding.Rule == "slice_sizes").Message.ShouldStartWith("25 slices are large enough to be tested and 20 of them are");

    [Fact]
    public void Fields_that_look_like_slices_are_suggested_and_languages_missed()
    {
        var fields = CalibrationLint.Look(new() { Set = SetExample.Of(SetExample.Queries(Enough, i => [("lang", i % 2 == 0 ? "en" : "de"), ("domain", $"a{i % 3}"), ("note", $"n{i % 3}")])) });
        var languages = CalibrationLint.Look(new() { Set = SetExample.Of(SetExample.Queries(Enough)), Languages = [new("en", 40), new("de", 20)] });

        fields.Where(finding => finding.Rule == "slice_fields").Select(finding => finding.Severity).ShouldBe([LintSeverity.Warning, LintSeverity.Note]);
        languages.Single(finding => finding.Rule == "slice_fields").Examples.ShouldBe(["en: 40", "de: 20"]);
    }

    [Fact]
    public void Weak_labels_are_warned_of()
    {
        var set = SetExample.Of(SetExample.Queries(Enough));

        CalibrationLint.Look(new() { Set = set with { Header = set.Header with { Labels = CalibrationLabels.Weak } } }).ShouldContain(finding => finding.Rule == "weak_labels" && finding.Message == WeakLabels.Favour);
    }

    [Fact]
    public void Exported_holes_are_those_of_all_sides_in_an_order_that_tells_nothing()
    {
        var set = SetExample.Of(SetExample.Queries(2));
        RetrievedSide[] sides = [new("a", [["d0", "x1", "x2"], ["d1"]]), new("b", [["x2", "x3", "d0"], ["d1"]])];
        var texts = new Dictionary<string, string>(StringComparer.Ordinal) { ["x1"] = "a text, \"quoted\"", ["x2"] = "two\nlines" };

        var export = HoleExport.Write(set, sides, texts, ',', seed: 4);
        var table = DelimitedText.Read(export.Content);

        (export.Rows, export.Queries).ShouldBe((3, 1));
        table.Problems.ShouldBeEmpty();
        table.Header.ShouldBe(["query_id", "query", "document_id", "document_text", "rank", "grade"]);
        table.Rows.Select(row => string.Join('|', row.Cells)).ShouldBe(["q0|question number 0|x1|a text, \"quoted\"|2|", "q0|question number 0|x2|two\nlines|1|", "q0|question number 0|x3||2|"], ignoreOrder: true);
        HoleExport.Write(set, sides, texts, ',', seed: 4).Content.ShouldBe(export.Content);
        Enumerable.Range(0, 20).Select(seed => HoleExport.Write(set, sides, texts, ',', seed).Content).Distinct().Count().ShouldBe(6, "every order of three");
    }

    private static LintFinding Look(IReadOnlyList<ExampleQuery> queries, string rule, Dictionary<string, string>? documents = null) =>
        CalibrationLint.Look(new() { Set = SetExample.Of(queries), Documents = documents }).Single(finding => finding.Rule == rule);

    private static LintReport Report(LintSubject subject) =>
        LintReport.Of(subject, SetPower.Of(subject.Set, SpreadSource.Typical, TypicalSpread.From, TypicalSpread.Spreads, [.03]));
}
