using System.Text.Json;
using DriftGuard.Core.Retrieval.Bridges;
using DriftGuard.Core.Tests.Goldens;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace DriftGuard.Core.Tests.Retrieval.Bridges;

public class AffineMapGoldenTests
{
    private const string File = "linear-maps.json";
    private const double Tolerance = 1e-9;

    private static readonly Dictionary<string, JsonElement> Rotations = Golden.Cases(File, "procrustes_cases");
    private static readonly Dictionary<string, JsonElement> Ridges = Golden.Cases(File, "ridge_cases");

    public static TheoryData<string> RotationNames => [.. Rotations.Keys];

    public static TheoryData<string> RidgeNames => [.. Ridges.Keys];

    [Theory]
    [MemberData(nameof(RotationNames))]
    public void Rotations_agree_with_scipy(string name)
    {
        var (golden, expected) = (Rotations[name], Rotations[name].GetProperty("expected"));
        var (x, y) = (MatrixOf(golden.GetProperty("x")), MatrixOf(golden.GetProperty("y")));

        var rotation = AffineMaps.Rotation(x, y);

        Math.Abs(((x * rotation) - y).FrobeniusNorm() - expected.GetProperty("residual_fro").GetDouble()).ShouldBeLessThanOrEqualTo(Tolerance * Math.Max(1, y.FrobeniusNorm()));
        if (expected.GetProperty("unique").GetBoolean())
        {
            ShouldAgree(rotation, MatrixOf(expected.GetProperty("r")), Tolerance);
            ShouldAgree(MatrixOf(golden.GetProperty("queries")) * rotation, MatrixOf(expected.GetProperty("mapped")), Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(RidgeNames))]
    public void Ridge_maps_agree_with_scikit_learn(string name)
    {
        var (golden, expected) = (Ridges[name], Ridges[name].GetProperty("expected"));
        var (x, y, lambda) = (MatrixOf(golden.GetProperty("x")), MatrixOf(golden.GetProperty("y")), golden.GetProperty("lambda").GetDouble());
        var w = MatrixOf(expected.GetProperty("w"));

        ShouldAgree(AffineMaps.Ridge(x, y, lambda), w, golden.GetProperty("tolerance").GetDouble() * Math.Max(1, w.Enumerate().Max(Math.Abs)));
    }

    [Fact]
    public void A_map_with_an_intercept_takes_the_mean_along()
    {
        var random = new Random(7);
        var from = Enumerable.Range(0, 200).Select(_ => new[] { Next(), Next(), Next() }).ToList();
        var to = from.Select(v => new[] { 3 + v[1], -2 - v[0] }).ToList();

        foreach (var kind in (MapKind[])[MapKind.Ridge, MapKind.CentredProcrustes])
        {
            var map = AffineMaps.Fit(kind, from, to);
            (map.From, map.To).ShouldBe((3, 2));
            var mapped = map.Map([1, 2, 3]);
            mapped[0].ShouldBe(5, 0.3f, $"{kind}");
            mapped[1].ShouldBe(-3, 0.3f, $"{kind}");
        }

        AffineMaps.Fit(MapKind.Procrustes, from, to).Offset.ShouldBe([0, 0]);

        float Next() => (float)((random.NextDouble() * 2) - 1);
    }

    [Fact]
    public void What_is_no_pair_of_sides_is_refused()
    {
        Should.Throw<ArgumentException>(() => AffineMaps.Fit(MapKind.Ridge, [[1f, 2f]], []));
        Should.Throw<ArgumentException>(() => AffineMaps.Fit(MapKind.Ridge, [[1f, 2f], [1f]], [[1f], [2f]]));
        Should.Throw<ArgumentException>(() => new AffineMap([[1f, 2f]], [0f]).Map([1f]));
        new AffineMap([[3f, 0f], [0f, 4f]], [0f, 0f]).MapToUnit([1f, 1f]).ShouldBe([0.6f, 0.8f], 1e-6);
    }

    private static DenseMatrix MatrixOf(JsonElement rows) => DenseMatrix.OfRowArrays(rows.EnumerateArray().Select(row => row.Doubles()).ToArray());

    private static void ShouldAgree(Matrix<double> actual, Matrix<double> expected, double tolerance) =>
        (actual - expected).Enumerate().Max(Math.Abs).ShouldBeLessThanOrEqualTo(tolerance * Math.Max(1, expected.Enumerate().Max(Math.Abs)));
}
