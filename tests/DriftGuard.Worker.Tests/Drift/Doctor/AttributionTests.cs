using DriftGuard.Worker.Drift.Doctor;

namespace DriftGuard.Worker.Tests.Drift.Doctor;

public sealed class AttributionTests
{
    [Fact]
    public void The_candidate_that_gives_back_the_most_takes_them_and_the_next_takes_the_rest() =>
        Attribution.Of(5, [Candidate("a", "11100"), Candidate("b", "00111"), Candidate("c", "00001")]).ShouldBe([0, 0, 0, 1, 1]);

    [Fact]
    public void A_token_limit_that_only_long_texts_show_is_one_maker_and_not_two() =>
        Attribution.Of(4, [Candidate("model", "1100"), Candidate("model with max_tokens: 64", "1111")]).ShouldBe([1, 1, 1, 1]);

    [Fact]
    public void Where_two_are_equal_the_first_is_meant() => Attribution.Of(2, [Candidate("model", "11"), Candidate("variant", "11")]).ShouldBe([0, 0]);

    [Fact]
    public void What_nothing_gives_back_has_no_maker() => Attribution.Of(3, [Candidate("a", "010")]).ShouldBe([-1, 0, -1]);

    private static CandidateFit Candidate(string name, string given) =>
        new(name, name, null, "", "model", [.. given.Select(g => g == '1' ? 0.0 : 1.0)], [.. given.Select(g => g == '1')]);
}
