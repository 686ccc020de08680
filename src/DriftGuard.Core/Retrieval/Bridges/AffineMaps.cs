using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace DriftGuard.Core.Retrieval.Bridges;

/// <summary>How a map is fitted.</summary>
public enum MapKind
{
    /// <summary>Ridge regression with an intercept, penalised by <see cref="AffineMaps.RidgeShare"/> of the mean variance of a dimension.</summary>
    Ridge,

    /// <summary>The rotation, with reflections, that brings the vectors closest.</summary>
    Procrustes,

    /// <summary>The same after the mean of each side was taken off.</summary>
    CentredProcrustes,
}

/// <summary>Fits affine maps on pairs of vectors of the same texts.</summary>
/// <remarks>
/// Ridge: Hoerl and Kennard, Ridge regression (Technometrics, 1970). Procrustes: Schönemann, A generalized solution of the orthogonal Procrustes problem
/// (Psychometrika, 1966); where the spaces differ in dimensions the factor is a partial isometry.
/// </remarks>
public static class AffineMaps
{
    /// <summary>The penalty of <see cref="MapKind.Ridge"/>, as a share of tr(Xc' Xc) / p.</summary>
    public const double RidgeShare = 0.05;

    /// <summary>Fits a map.</summary>
    /// <param name="kind">How.</param>
    /// <param name="from">Vectors that are to be mapped, n of p components.</param>
    /// <param name="to">Where each of them is to come, n of q components.</param>
    /// <exception cref="ArgumentException">The sides are not n vectors each, of one length; or there is none.</exception>
    public static AffineMap Fit(MapKind kind, IReadOnlyList<float[]> from, IReadOnlyList<float[]> to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        if (from.Count == 0 || from.Count != to.Count)
        {
            throw new ArgumentException($"{from.Count} vectors to map and {to.Count} to come to: expected as many of both, and one at least", nameof(to));
        }

        var (x, y) = (Rows(from), Rows(to));
        var (meanX, meanY) = (Mean(x), Mean(y));
        if (kind != MapKind.Procrustes)
        {
            Centre(x, meanX);
            Centre(y, meanY);
        }

        var w = kind == MapKind.Ridge ? Ridge(x, y, RidgeShare * x.PointwisePower(2).RowSums().Sum() / x.ColumnCount) : Rotation(x, y);
        var offset = kind == MapKind.Procrustes ? Vector<double>.Build.Dense(y.ColumnCount) : meanY - (meanX * w);
        return new([.. w.EnumerateColumns().Select(column => column.Select(value => (float)value).ToArray())], [.. offset.Select(value => (float)value)]);
    }

    /// <summary>W = (X'X + lambda I)^-1 X'Y.</summary>
    /// <exception cref="ArgumentException">X'X + lambda I is singular.</exception>
    internal static Matrix<double> Ridge(Matrix<double> x, Matrix<double> y, double lambda) =>
        (x.TransposeThisAndMultiply(x) + (lambda * DenseMatrix.CreateIdentity(x.ColumnCount))).Cholesky().Solve(x.TransposeThisAndMultiply(y));

    /// <summary>R = U V' of X'Y = U S V'.</summary>
    internal static Matrix<double> Rotation(Matrix<double> x, Matrix<double> y)
    {
        var svd = x.TransposeThisAndMultiply(y).Svd();
        var rank = Math.Min(svd.U.ColumnCount, svd.VT.RowCount);
        return svd.U.SubMatrix(0, svd.U.RowCount, 0, rank) * svd.VT.SubMatrix(0, rank, 0, svd.VT.ColumnCount);
    }

    private static Matrix<double> Rows(IReadOnlyList<float[]> vectors)
    {
        var length = vectors[0].Length;
        var rows = new DenseMatrix(vectors.Count, length);
        for (var i = 0; i < vectors.Count; i++)
        {
            if (vectors[i].Length != length)
            {
                throw new ArgumentException($"vector {i} has {vectors[i].Length} components, the first one {length}", nameof(vectors));
            }

            for (var j = 0; j < length; j++)
            {
                rows[i, j] = vectors[i][j];
            }
        }

        return rows;
    }

    private static Vector<double> Mean(Matrix<double> rows) => rows.ColumnSums() / rows.RowCount;

    private static void Centre(Matrix<double> rows, Vector<double> mean)
    {
        for (var j = 0; j < rows.ColumnCount; j++)
        {
            for (var i = 0; i < rows.RowCount; i++)
            {
                rows[i, j] -= mean[j];
            }
        }
    }
}
