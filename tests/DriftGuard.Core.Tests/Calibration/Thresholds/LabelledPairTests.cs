using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Thresholds;

namespace DriftGuard.Core.Tests.Calibration.Thresholds;

public class LabelledPairTests
{
    [Fact]
    public void Scores_between_the_limits_are_neither()
    {
        var labels = PairLabels.Of(Pairs(5, 4, 3.9, 2, 1.9), new() { PositiveFrom = 4, NegativeBelow = 2 }, out var problem);

        problem.ShouldBeNull();
        labels!.Labels.ShouldBe([true, true, null, null, false]);
        labels.Between.ShouldBe(2);
    }

    [Fact]
    public void One_limit_alone_is_both_and_zeros_and_ones_need_none()
    {
        PairLabels.Of(Pairs(5, 4, 3.9), new() { PositiveFrom = 4 }, out _)!.Labels.ShouldBe([true, true, false]);
        PairLabels.Of(Pairs(5, 4, 3.9), new() { NegativeBelow = 4 }, out _)!.Labels.ShouldBe([true, true, false]);
        PairLabels.Of(Pairs(1, 0, 1), new(), out _)!.Labels.ShouldBe([true, false, true]);
        PairLabels.Of([], new(), out _)!.Labels.ShouldBeEmpty();
    }

    [Fact]
    public void Other_scores_without_limits_say_what_to_add()
    {
        PairLabels.Of(Pairs(0, 1, 4.5), new(), out var problem).ShouldBeNull();
        problem.ShouldBe(
            "the scores of the 3 pairs go from 0 to 4.5, and nothing says which are positive: add 'pairs: { positive_from: ..., negative_below: ... }' to set.yaml, "
            + "or use --positive-from and --negative-below; scores of 0 and 1 need neither");
        PairLabels.Of(Pairs(1), new() { PositiveFrom = 1, NegativeBelow = 2 }, out problem).ShouldBeNull();
        problem.ShouldNotBeNull().ShouldContain("would be both");
    }

    [Fact]
    public void Pairs_are_grouped_by_the_texts_they_share_however_far_apart()
    {
        LabelledPair[] pairs = [new(1, "a", "b"), new(1, "c", "d"), new(0, "e", "e"), new(0, "d", "b"), new(1, "f", "g")];

        PairGroups.Of(pairs).ShouldBe([0, 0, 1, 0, 2]);
        PairGroups.Of([]).ShouldBeEmpty();
    }

    [Fact]
    public void Columns_after_the_texts_are_fields_and_an_empty_cell_is_none()
    {
        var pairs = PairLines.Read("mine.tsv", "score\tsentence1\tsentence2\tlang\tdomain\n1\ta\tb\tde\t\n0\tc\td\ten\tlaw\n", out var columns, out var problems);

        problems.ShouldBeEmpty();
        columns.ShouldBe(["lang", "domain"]);
        pairs[0].Fields.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["lang"] = "de" });
        pairs[1].Fields["domain"].ShouldBe("law");
    }

    [Theory]
    [InlineData("score\tsentence1\tsentence2\tlang\n1\ta\tb", "pairs.tsv:2: expected a number, two texts and lang, separated by tabs.")]
    [InlineData("score\tsentence1\tsentence2\n1\ta\tb\tde", "pairs.tsv:2: expected a number and two texts, separated by tabs.")]
    [InlineData("score\tsentence1\tsentence2\tlang\tlang\n", "pairs.tsv:1: column 'lang' stands 2 times.")]
    [InlineData("score\tsentence1\tsentence2\tscore\n", "pairs.tsv:1: column 'score' stands 2 times.")]
    [InlineData("score\tsentence1\tsentence2\t\n", "pairs.tsv:1: a column has no name.")]
    [InlineData("lang\tscore\tsentence1\tsentence2\n", "pairs.tsv:1: expected the header score, sentence1, sentence2, separated by tabs; further columns come after these.")]
    [InlineData("", "pairs.tsv: is empty; expected the header score, sentence1, sentence2 and one line a pair.")]
    public void Bad_columns_are_refused_where_they_stand(string pairs, string error) => new CalibrationExample { Pairs = pairs }.Errors().ShouldBe([error]);

    [Fact]
    public void A_declared_slice_must_be_a_column()
    {
        var example = new CalibrationExample { Pairs = "score\tsentence1\tsentence2\tlang\n1\ta\tb\tde", Header = new() { Name = "example", Pairs = new() { Slices = ["language"] } } };

        example.Errors().ShouldBe(["set.yaml: slice 'language' of pairs is no column of pairs.tsv; its further columns are lang."]);
    }

    private static LabelledPair[] Pairs(params double[] scores) => [.. scores.Select((score, i) => new LabelledPair(score, $"a{i}", $"b{i}"))];
}
