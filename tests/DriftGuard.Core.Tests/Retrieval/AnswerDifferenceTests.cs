using DriftGuard.Core.Retrieval;

namespace DriftGuard.Core.Tests.Retrieval;

public sealed class AnswerDifferenceTests
{
    [Theory]
    [InlineData("a b c d", "a b c d", 4, 1)]
    [InlineData("a b c d", "d c b a", 4, 1)]
    [InlineData("a b c d", "a b x y", 4, .5)]
    [InlineData("a b c d", "w x y z", 4, 0)]
    [InlineData("a b c d", "b a x y", 2, 1)]
    [InlineData("a b c", "a b c", 10, 1)]
    [InlineData("a b c", "a b c d", 10, .75)]
    [InlineData("a b c d", "a b c", 10, .75)]
    [InlineData("a", "", 10, 0)]
    [InlineData("", "", 10, 1)]
    public void Overlap_is_the_share_that_both_have_of_the_longer_one(string first, string second, int depth, double overlap)
    {
        Assert.Equal(overlap, AnswerDifference.Of(Answer(first), Answer(second), depth).Overlap);
        Assert.Equal(overlap, AnswerDifference.Of(Answer(second), Answer(first), depth).Overlap);
    }

    [Fact]
    public void Shifts_are_of_the_first_scores_and_of_the_means_over_what_is_compared()
    {
        var difference = AnswerDifference.Of([new("a", .9), new("b", .5), new("c", .1)], [new("a", .6), new("b", .4), new("c", 0)], 2);

        Assert.Equal(-.3, difference.TopShift!.Value, 12);
        Assert.Equal(-.2, difference.MeanShift!.Value, 12);
    }

    [Fact]
    public void There_is_no_shift_where_a_side_found_nothing_or_a_score_is_no_number()
    {
        Assert.Equal(new AnswerDifference(0, null, null), AnswerDifference.Of([new("a", 1)], [], 10));
        Assert.Equal(new AnswerDifference(1, null, null), AnswerDifference.Of([new("a", double.NaN)], [new("a", 1)], 10));
    }

    [Fact]
    public void Nothing_is_no_depth() => Assert.Throws<ArgumentOutOfRangeException>(() => AnswerDifference.Of([], [], 0));

    private static AnsweredPoint[] Answer(string ids) => [.. ids.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((id, i) => new AnsweredPoint(id, 1.0 / (i + 1)))];
}
