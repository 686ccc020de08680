using DriftGuard.Core.Embedding;
using DriftGuard.Core.Retrieval;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Evaluation.Comparing;

namespace DriftGuard.Worker.Tests.Evaluation;

/// <summary>Search in memory, and the beginnings of texts that it shows.</summary>
public sealed class ExactRankingTests
{
    [Fact]
    public void The_first_are_those_of_the_whole_order_ties_included()
    {
        var random = new Random(1);
        for (var trial = 0; trial < 500; trial++)
        {
            // Few different values, so that many documents are as near as each other.
            List<(string Id, float[] Vector)> documents = [.. Enumerable.Range(0, random.Next(1, 40)).Select(i => ($"d{i}", (float[])[random.Next(-2, 3), random.Next(-2, 3)]))];
            var depth = random.Next(1, 13);

            ExactRanking.Rank([1, .5f], documents, VectorDistance.Dot, depth)
                .ShouldBe(RankedList.FromScores(documents.Select(d => KeyValuePair.Create(d.Id, d.Vector[0] + (.5 * d.Vector[1])))).Take(depth));
        }
    }

    [Fact]
    public void A_vector_that_is_no_place_comes_last_also_where_all_are_like_it()
    {
        ExactRanking.Rank([1, 0], [("a", [float.NaN, 0]), ("b", [0, 0]), ("c", [1, 0])], VectorDistance.Cosine, 2).ShouldBe(["c", "b"]);
        ExactRanking.Rank([1, 0], [("a", [0, 0]), ("b", [0, 0]), ("c", [0, 0])], VectorDistance.Cosine, 2).ShouldBe(["c", "b"]);
    }

    [Fact]
    public void An_excerpt_is_one_line_and_cuts_no_character()
    {
        DocumentTexts.Excerpt(" two\r\n\tlines ").ShouldBe("two lines");
        DocumentTexts.Excerpt(new string('a', 120)).ShouldBe(new string('a', 120));
        DocumentTexts.Excerpt(new string('a', 119) + "😀 and more").ShouldBe(new string('a', 119) + "…");
    }

    [Theory]
    [InlineData("docs", "Plain", "docs", null)]
    [InlineData("index:docs", "Index", "docs", null)]
    [InlineData("collection:a@b@m", "Collection", "a@b", "m")]
    [InlineData("collection:a", "Collection", "a", null)]
    [InlineData("model:a@b", "Model", "a@b", null)]
    public void A_side_says_what_it_is(string text, string kind, string name, string? model) =>
        SideName.Parse(text).ShouldBe(new(Enum.Parse<SideKind>(kind), name, model));

    [Theory]
    [InlineData("index:")]
    [InlineData("collection:a@")]
    [InlineData("")]
    public void A_side_that_names_nothing_is_refused(string text) =>
        Should.Throw<OperatorException>(() => SideName.Parse(text)).Message.ShouldContain("expected index:NAME, collection:NAME");
}
