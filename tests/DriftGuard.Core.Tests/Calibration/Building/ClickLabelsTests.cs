using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Building;

namespace DriftGuard.Core.Tests.Calibration.Building;

public sealed class ClickLabelsTests
{
    [Fact]
    public void What_several_sessions_clicked_is_relevant_to_what_several_sessions_asked()
    {
        var draft = Of(
            """{"text": "Reset  Password", "session": "a", "clicked": ["d1"], "shown": ["d1", "d2"], "lang": "en"}""",
            """{"query": "reset password", "session": "b", "clicked": "d1", "shown": ["d2", "d1"], "lang": "en"}""",
            """{"text": "reset password", "session": "c", "clicked": 7, "lang": "de"}""",
            """{"text": "reset password", "session": "c", "clicked": ["7"]}""",
            """{"text": "rare", "session": "a", "clicked": ["d9"]}""",
            """{"text": "nothing", "session": "a"}""", """{"text": "nothing", "session": "b"}""", """{"text": "nothing", "session": "c"}""");

        draft.Labels.ShouldBe(CalibrationLabels.Weak);
        draft.Queries.ShouldHaveSingleItem().Text.ShouldBe("reset password", "as it was written most often");
        draft.Queries[0].Fields["lang"].ShouldBe("en");
        draft.Judgements.ShouldBe([new("q0001", "d1", 1)], "the same session clicking twice is one");
        draft.Dropped.Select(drop => (drop.Reason, drop.Count)).ShouldBe([("query texts of fewer than 3 sessions", 1), ("query texts without a document that 2 sessions clicked", 1)]);
        draft.Notes[1].ShouldBe("50 % of the clicks whose place is known are on the first result");
        draft.Notes[2].ShouldBe(WeakLabels.Favour);
    }

    [Fact]
    public void A_document_that_was_shown_and_not_clicked_is_not_judged() =>
        Of([.. Enumerable.Range(0, 3).Select(i => $$"""{"text": "q", "session": "{{i}}", "clicked": ["d2"], "shown": [{"id": "d1", "position": 2}, {"id": "d2", "position": 1}]}""")])
            .Judgements.ShouldBe([new("q0001", "d2", 1)]);

    [Fact]
    public void The_id_of_a_search_is_no_click()
    {
        var search = LoggedSearch.Parse(1, """{"id": "search-1", "text": "q", "session": "a", "shown": ["d1"]}""");

        search.Clicked.ShouldBeEmpty();
        search.Fields.ShouldBeEmpty();
    }

    [Fact]
    public void Without_sessions_each_time_is_one() =>
        Of("""{"text": "q", "at": "2026-11-24T08:00:00Z", "clicked": "d"}""", """{"text": "q", "at": "2026-11-24T08:00:00Z", "clicked": "d"}""", """{"text": "q", "at": "2026-11-24T08:00:01Z", "clicked": "d"}""")
            .Dropped.ShouldHaveSingleItem().Reason.ShouldBe("query texts of fewer than 3 sessions");

    [Theory]
    [InlineData("nonsense", "no JSON")]
    [InlineData("[1]", "found Array")]
    [InlineData("{}", "has no 'text'")]
    [InlineData("""{"text": 1}""", "'text' is Number")]
    [InlineData("""{"text": "\ud83c"}""", "half of a surrogate pair")]
    [InlineData("""{"text": "q", "\ud83c": 1}""", "half of a surrogate pair")]
    [InlineData("""{"text": "q", "clicked": [null]}""", "no document id")]
    [InlineData("""{"text": "q", "clicked": [{"url": "x"}]}""", "no document id")]
    [InlineData("""{"text": "q", "at": "yesterday"}""", "'at' is 'yesterday'")]
    public void A_line_that_is_no_search_is_refused(string line, string message) =>
        Should.Throw<FormatException>(() => LoggedSearch.Parse(1, line)).Message.ShouldContain(message);

    private static CalibrationSetDraft Of(params string[] lines) => ClickLabels.Of(lines.Select((line, i) => LoggedSearch.Parse(i + 1, line)), new());
}
