using CsCheck;
using DriftGuard.Core.Drift.Probes;
using MathNet.Numerics.LinearAlgebra.Double;

namespace DriftGuard.Core.Tests.Drift.Probes;

public sealed class ProbeProjectionTests
{
    private static readonly Gen<float[][]> Vectors = Gen.Float[-1, 1].Where(value => Math.Abs(value) > .01f).Array[12].Array[20];

    [Fact]
    public void It_explains_what_the_two_largest_singular_values_explain() => Vectors.Sample(static vectors =>
    {
        var rows = DenseMatrix.OfRows(vectors.Select(vector => vector.Select(value => value / Math.Sqrt(vector.Sum(v => (double)v * v)))));
        var mean = rows.ColumnSums() / vectors.Length;
        for (var i = 0; i < vectors.Length; i++)
        {
            rows.SetRow(i, rows.Row(i) - mean);
        }

        var singular = rows.Svd(computeVectors: false).S;
        var projection = ProbeProjection.Of(vectors, vectors)!;

        projection.Explained.ShouldBe(((singular[0] * singular[0]) + (singular[1] * singular[1])) / singular.DotProduct(singular), 1e-9);
        projection.Probes.Sum(probe => probe.BeforeX * probe.BeforeX).ShouldBe(singular[0] * singular[0], 1e-9);
        projection.Probes.Sum(probe => probe.BeforeY * probe.BeforeY).ShouldBe(singular[1] * singular[1], 1e-9);
    }, iter: 100);

    [Fact]
    public void What_has_not_moved_is_where_it_was_and_what_has_moved_moves_nothing_else() => Vectors.Sample(static vectors =>
    {
        float[][] now = [.. vectors.Select((vector, i) => i == 7 ? [.. vector.Select(value => -value)] : vector.Select(value => value * 3).ToArray())];

        var probes = ProbeProjection.Of(vectors, now)!.Probes;

        for (var i = 0; i < probes.Count; i++)
        {
            var apart = Math.Abs(probes[i].BeforeX - probes[i].NowX) + Math.Abs(probes[i].BeforeY - probes[i].NowY);
            (apart > 1e-6).ShouldBe(i == 7, $"probe {i} moved by {apart}: a length means nothing to a cosine");
        }
    }, iter: 100);

    [Fact]
    public void The_farthest_probe_lies_on_the_positive_side_of_each_axis() => Vectors.Sample(static vectors =>
    {
        var probes = ProbeProjection.Of(vectors, vectors)!.Probes;

        probes.MaxBy(probe => Math.Abs(probe.BeforeX))!.BeforeX.ShouldBeGreaterThan(0);
        probes.MaxBy(probe => Math.Abs(probe.BeforeY))!.BeforeY.ShouldBeGreaterThan(0);
    }, iter: 50);

    [Fact]
    public void Probes_in_one_direction_span_no_plane() =>
        ProbeProjection.Of([[1, 0], [2, 0], [-1, 0]], [[1, 0], [2, 0], [-1, 0]]).ShouldBeNull();

    [Fact]
    public void A_run_of_other_dimensions_is_refused() =>
        Should.Throw<ArgumentException>(() => ProbeProjection.Of([[1, 0], [0, 1]], [[1, 0, 0], [0, 1, 0]]));
}
