using System.Text;
using DriftGuard.Core.Retrieval;

namespace DriftGuard.Core.Tests.Retrieval;

public class RankedListTests
{
    [Fact]
    public void Equal_scores_are_ordered_by_utf8_bytes_descending()
    {
        string[] ids = ["a", "B", "A", "b", "10", "9", "", "\uFFFD", "\U0001F600", "\uD7FF", "\uE000", "a\U0001F600", "a\uFF5E", "doc1", "doc10"];
        var expected = ids.ToArray();
        Array.Sort(expected, (a, b) => Encoding.UTF8.GetBytes(b).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(a)));

        RankedList.FromScores(ids.Select(id => KeyValuePair.Create(id, .5))).ShouldBe(expected);
    }

    [Fact]
    public void A_score_that_is_not_a_number_is_refused_by_document() =>
        Should.Throw<ArgumentException>(() => RankedList.FromScores([KeyValuePair.Create("a", 1.0), KeyValuePair.Create("b", double.NaN)]))
            .Message.ShouldContain("document 'b' is NaN");

    [Fact]
    public void Positive_and_negative_zero_tie() =>
        RankedList.FromScores([KeyValuePair.Create("a", 0.0), KeyValuePair.Create("b", -0.0)]).ShouldBe(["b", "a"]);
}
