using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Building;
using DriftGuard.Core.Calibration.Editing;
using DriftGuard.Core.Text;

namespace DriftGuard.Core.Tests.Calibration.Editing;

public sealed class CalibrationSetEditTests
{
    private static readonly CalibrationSetText Text = new(
        """
        {"id": "q1", "text": "one"}
        {"id": "q2", "text": "two"}
        """, "query-id\tcorpus-id\tscore\r\nq1\td1\t1\r\nq2\td2\t1\r\n");

    [Fact]
    public void New_lines_stand_at_the_end_and_old_ones_as_they_were()
    {
        var edit = Edit(new([Query("q3", "three")], [new(0, "q3", "d3", 2), new(5, "q1", "d9", 0), new(6, "q1", "d1", 1)], Replace: false, "sheet.csv"));

        edit.Text.Queries.ShouldBe(Text.Queries + "\n{\"id\":\"q3\",\"text\":\"three\"}\n");
        edit.Text.Qrels.ShouldBe(Text.Qrels + "q3\td3\t2\nq1\td9\t0\n");
        (edit.QueriesAdded, edit.JudgementsAdded, edit.JudgementsReplaced, edit.AlreadyThere).ShouldBe((1, 2, 0, 1));
    }

    [Fact]
    public void All_contradictions_are_named_with_their_lines()
    {
        CalibrationSetEdit.Of(Text, new([Query("q1", "other")], [new(2, "q1", "d1", 0), new(3, "q8", "d1", 1), new(4, "q2", "d2", 3)], Replace: false, "sheet.csv"), out var problems);

        problems.Select(problem => problem.ToString()).ShouldBe(
        [
            "sheet.csv: query 'q1' is in the set already, with another text ('one'); give the new one another id.",
            "sheet.csv:2: query 'q1' and document 'd1' are judged 1 in the set and 0 here; --replace takes the new ones.",
            "sheet.csv:3: query 'q8' is not in the set; add it with --query or --queries.",
            "sheet.csv:4: query 'q2' and document 'd2' are judged 1 in the set and 3 here; --replace takes the new ones.",
        ]);
    }

    [Fact]
    public void A_replaced_judgement_stays_in_its_line()
    {
        var edit = Edit(new([], [new(2, "q1", "d1", 3)], Replace: true, "sheet.csv"));

        edit.Text.Qrels.ShouldBe("query-id\tcorpus-id\tscore\r\nq1\td1\t3\r\nq2\td2\t1\r\n");
        edit.JudgementsReplaced.ShouldBe(1);
    }

    [Fact]
    public void What_changes_nothing_leaves_the_very_text()
    {
        var edit = Edit(new([Query("q1", "one")], [new(2, "q1", "d1", 1)], Replace: true, "sheet.csv"));

        edit.Text.Queries.ShouldBeSameAs(Text.Queries);
        edit.Text.Qrels.ShouldBeSameAs(Text.Qrels);
        edit.AlreadyThere.ShouldBe(2);
    }

    [Theory]
    [InlineData("query_id,document_id,grade\nq1,d1,1\nq1,d2,\nq1,d3,no\n", 2, 1)]
    [InlineData("query-id\tcorpus-id\tscore\nq1\td1\t1\n", 1, 0)]
    [InlineData("query_id,query,document_id,document_text,rank,grade\nq1,one,d1,\"a, b\",3,2\n", 1, 0)]
    public void A_sheet_is_found_by_its_columns_and_empty_grades_are_passed_over(string content, int judged, int empty)
    {
        var sheet = JudgementSheet.Read("s.csv", DelimitedText.Read(content), out var problems);

        problems.ShouldBeEmpty();
        (sheet.Judgements.Count, sheet.Empty).ShouldBe((judged, empty));
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "s.csv: expected the columns query_id, document_id and grade; the header has a, b.")]
    [InlineData("query_id,document_id,grade\nq1,d1,maybe\n", "s.csv:2: the grade is 'maybe'; expected a whole number (1 or more is relevant), yes or no, or nothing where it is not judged.")]
    [InlineData("query_id,document_id,grade\nq1,,1\n", "s.csv:2: expected a query id and a document id; found 'q1' and ''.")]
    [InlineData("query_id,document_id,grade\nq1,d1,1\nq1,d1,0\n", "s.csv:3: query 'q1' and document 'd1' are judged 1 in line 2 and 0 here; keep one.")]
    public void A_sheet_that_is_wrong_is_refused(string content, string expected)
    {
        JudgementSheet.Read("s.csv", DelimitedText.Read(content), out var problems);

        problems.ShouldHaveSingleItem().ToString().ShouldBe(expected);
    }

    private static CalibrationSetEdit Edit(CalibrationAddition addition)
    {
        var edit = CalibrationSetEdit.Of(Text, addition, out var problems);
        problems.ShouldBeEmpty();
        return edit;
    }

    private static DraftQuery Query(string id, string text) => new(id, text, new Dictionary<string, string>(StringComparer.Ordinal));
}
