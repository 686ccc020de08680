using DriftGuard.Core.Retrieval;

namespace DriftGuard.Core.Tests.Retrieval;

public sealed class ClosestPairsTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 5)]
    [InlineData(7, 3)]
    [InlineData(17, 8)]
    [InlineData(127, 16)]
    [InlineData(129, 33)]
    [InlineData(300, 384)]
    [InlineData(1000, 31)]
    public void Finds_what_comparing_every_pair_finds(int count, int dimensions)
    {
        var random = new Random(count);
        var vectors = Enumerable.Range(0, count).Select(_ => Vector(random, dimensions)).ToArray();

        var found = ClosestPairs.Find(vectors, 5);

        found.ShouldBe(BruteForce(vectors, 5));
    }

    [Fact]
    public void Of_far_more_equal_pairs_than_are_asked_for_the_first_are_found_at_every_run()
    {
        // Three directions, each many times: far more equal pairs than are asked for.
        var random = new Random(1);
        float[][] directions = [Vector(random, 10), Vector(random, 10), Vector(random, 10)];
        var vectors = Enumerable.Range(0, 400).Select(i => directions[i % 3]).ToArray();

        var found = ClosestPairs.Find(vectors, 4);

        found.ShouldAllBe(p => p.First % 3 == p.Second % 3 && Math.Abs(p.Cosine - 1) < 1e-9);
        ClosestPairs.Find(vectors, 4).ShouldBe(found);
    }

    [Fact]
    public void Length_does_not_matter()
    {
        float[][] vectors = [[1, 0, 0], [0, 100, 0], [0, .01f, .0001f], [0, 0, 5]];

        var pair = ClosestPairs.Find(vectors, 1).ShouldHaveSingleItem();

        (pair.First, pair.Second).ShouldBe((1, 2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Fewer_than_two_vectors_have_no_pair(int count) =>
        ClosestPairs.Find([.. Enumerable.Repeat(new[] { 1f, 2f }, count)], 3).ShouldBeEmpty();

    [Fact]
    public void There_are_no_more_pairs_than_there_are() => ClosestPairs.Find([[1, 0], [0, 1], [1, 1]], 10).Count.ShouldBe(3);

    [Fact]
    public void Vectors_of_different_lengths_are_refused() => Should.Throw<ArgumentException>(() => ClosestPairs.Find([[1, 0], [1, 0, 0]], 1));

    private static float[] Vector(Random random, int dimensions) => [.. Enumerable.Range(0, dimensions).Select(_ => (float)((random.NextDouble() * 2) - 1))];

    private static List<ClosePair> BruteForce(float[][] vectors, int count)
    {
        var pairs = new List<ClosePair>();
        for (var i = 0; i < vectors.Length; i++)
        {
            for (var j = i + 1; j < vectors.Length; j++)
            {
                var (a, b) = (vectors[i], vectors[j]);
                var dot = a.Zip(b, (x, y) => (double)x * y).Sum();
                pairs.Add(new(i, j, dot / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x))));
            }
        }

        return [.. pairs.OrderByDescending(p => p.Cosine).ThenBy(p => p.First).ThenBy(p => p.Second).Take(count)];
    }
}
