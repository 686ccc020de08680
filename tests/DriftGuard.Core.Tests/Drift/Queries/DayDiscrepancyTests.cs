using DriftGuard.Core.Drift.Queries;
using DriftGuard.Core.Statistics.TwoSample;

namespace DriftGuard.Core.Tests.Drift.Queries;

public class DayDiscrepancyTests
{
    [Fact]
    public void The_discrepancy_of_a_day_and_the_pool_is_that_of_the_two_samples()
    {
        var random = new Random(8);
        float[][] vectors = [.. Enumerable.Range(0, 90).Select(i => new[] { (float)random.NextDouble(), (float)random.NextDouble() + (i / 300f) })];
        var distances = PairwiseDistances.Of(Samples.Of(vectors.Take(60), vectors.Skip(60)));
        var expected = MaximumMeanDiscrepancy.Of(distances, bandwidth: .4).Measure();
        var days = Enumerable.Range(0, 6).Select(day => (IReadOnlyList<int>)[.. Enumerable.Range(10 * day, 10)]).ToList();

        var actual = new DayDiscrepancy(days, Kernel, mostInPool: 60, random).Compare([.. Enumerable.Range(60, 30)], Kernel);

        actual.Pool.ShouldBe(60);
        actual.Squared.ShouldBe(expected.Squared, 1e-12);
        actual.StandardError.ShouldBe(expected.StandardError, 1e-12);

        double Kernel(int i, int j) => Math.Exp(-distances[i, j] * distances[i, j] / (2 * .4 * .4));
    }

    [Fact]
    public void Selected_distances_are_those_of_the_selected_vectors()
    {
        var random = new Random(9);
        float[][] vectors = [.. Enumerable.Range(0, 40).Select(_ => new[] { (float)random.NextDouble(), (float)random.NextDouble() })];
        var all = PairwiseDistances.Of(Samples.Of(vectors.Take(1), vectors.Skip(1)));

        var selected = all.Select([3, 39, 0], [7, 3]);

        var measured = PairwiseDistances.Of(Samples.Of([vectors[3], vectors[39], vectors[0]], new[] { vectors[7], vectors[3] }));
        selected.Samples.First.ShouldBe(3);
        for (var i = 0; i < 5; i++)
            selected.Row(i).ToArray().ShouldBe(measured.Row(i).ToArray());
        selected[0, 4].ShouldBe(0);
        Should.Throw<ArgumentOutOfRangeException>(() => all.Select([40], [0]));
        Should.Throw<ArgumentException>(() => all.Select([], [0]));
    }
}
