using DriftGuard.Core.Embedding;
using DriftGuard.Core.Retrieval;

namespace DriftGuard.Core.Tests.Retrieval;

public class SimilarityTests
{
    [Theory]
    [InlineData(VectorDistance.Cosine, "cosine", .96)]
    [InlineData(VectorDistance.Dot, "dot", 24)]
    [InlineData(VectorDistance.Euclid, "negated_euclid", -1.4142135623730951)]
    [InlineData(VectorDistance.Manhattan, "negated_manhattan", -2)]
    public void Larger_means_more_alike_whatever_vectors_are_compared_by(VectorDistance distance, string name, double expected)
    {
        Similarity.Of([3, 4], [4, 3], distance).ShouldBe(expected, 1e-15);
        Similarity.NameOf(distance).ShouldBe(name);
        Similarity.Of([3, 4], [3, 4], distance).ShouldBeGreaterThan(expected);
    }

    [Fact]
    public void What_has_no_direction_has_no_cosine()
    {
        Similarity.Of([0, 0], [1, 0], VectorDistance.Cosine).ShouldBe(double.NaN);
        Similarity.Of([float.NaN, 0], [1, 0], VectorDistance.Dot).ShouldBe(double.NaN);
        Should.Throw<ArgumentException>(() => Similarity.Of([1], [1, 0], VectorDistance.Dot));
    }
}
