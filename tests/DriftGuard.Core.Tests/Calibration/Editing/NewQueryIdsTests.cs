using DriftGuard.Core.Calibration.Building;
using DriftGuard.Core.Calibration.Editing;

namespace DriftGuard.Core.Tests.Calibration.Editing;

public sealed class NewQueryIdsTests
{
    private const string Queries = "{\"id\": \"q0001\", \"text\": \"reset password\"}\n{\"id\": \"q0003\", \"text\": \"unjudged\"}\n";

    [Fact]
    public void A_text_of_the_set_keeps_its_id_and_others_get_free_ones()
    {
        var draft = NewQueryIds.Of(Queries, Draft(numbered: true, "new", "Reset  PASSWORD", "NEW", "unjudged"));

        draft.Queries.Select(query => (query.Id, query.Text)).ShouldBe([("q0004", "new"), ("q0001", "reset password"), ("q0003", "unjudged")]);
        draft.Judgements.Select(judgement => (judgement.QueryId, judgement.DocumentId)).ShouldBe([("q0004", "d0"), ("q0001", "d1"), ("q0004", "d2"), ("q0003", "d3")]);
    }

    [Fact]
    public void Ids_of_the_source_stay()
    {
        var draft = Draft(numbered: false, "reset password");

        NewQueryIds.Of(Queries, draft).ShouldBeSameAs(draft);
    }

    private static CalibrationSetDraft Draft(bool numbered, params string[] texts) => new()
    {
        Queries = [.. texts.Select((text, i) => new DraftQuery($"n{i}", text, new Dictionary<string, string>(StringComparer.Ordinal)))],
        Judgements = [.. texts.Select((_, i) => new DraftJudgement($"n{i}", $"d{i}", 1))],
        QueriesAreNumbered = numbered,
    };
}
