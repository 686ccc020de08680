using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace DriftGuard.Core.Drift.Probes;

/// <summary>A probe in the plane of a <see cref="ProbeProjection"/>.</summary>
/// <param name="BeforeX">First coordinate of the stored vector.</param>
/// <param name="BeforeY">Its second coordinate.</param>
/// <param name="NowX">First coordinate of the vector of the run.</param>
/// <param name="NowY">Its second coordinate.</param>
public sealed record ProbePosition(double BeforeX, double BeforeY, double NowX, double NowY);

/// <summary>
/// The probes before and now in one plane, for people's eyes: the two directions in which the stored vectors, at length 1, spread most (principal
/// components). What moves across the plane is not seen in it: verdicts stand on distances, never on this.
/// </summary>
/// <param name="Explained">Share of the stored vectors' variance that lies in the plane, 0 to 1.</param>
/// <param name="Probes">The probes, in probe order.</param>
public sealed record ProbeProjection(double Explained, IReadOnlyList<ProbePosition> Probes)
{
    /// <summary>Projects a run beside the stored vectors.</summary>
    /// <param name="stored">One vector a probe, of one length, none of them zero.</param>
    /// <param name="now">The same number of vectors of the same length.</param>
    /// <returns>Null where the stored vectors spread in fewer than two directions.</returns>
    /// <exception cref="ArgumentException">The run has another number of vectors or dimensions, or a vector is zero or not finite.</exception>
    public static ProbeProjection? Of(IReadOnlyList<float[]> stored, IReadOnlyList<float[]> now)
    {
        ProbeVectors.Refuse(stored, stored.Count, stored[0].Length, nameof(stored));
        ProbeVectors.Refuse(now, stored.Count, stored[0].Length, nameof(now));
        var (before, after) = (UnitRows(stored), UnitRows(now));
        var mean = before.ColumnSums() / stored.Count;
        Centre(before, mean);
        Centre(after, mean);

        // Of as many rows as there are probes, in place of as many columns as there are dimensions.
        var spread = before.TransposeAndMultiply(before).Evd(Symmetricity.Symmetric);
        var values = spread.EigenValues.Map(value => Math.Max(0, value.Real));
        var (total, last) = (values.Sum(), stored.Count - 1); // ascending
        if (stored.Count < 2 || values[last - 1] <= total * 1e-12)
        {
            return null;
        }

        var (xBefore, xNow) = Along(last);
        var (yBefore, yNow) = Along(last - 1);
        return new((values[last] + values[last - 1]) / total, [.. Enumerable.Range(0, stored.Count).Select(i => new ProbePosition(xBefore[i], yBefore[i], xNow[i], yNow[i]))]);

        (Vector<double> Before, Vector<double> Now) Along(int component)
        {
            var axis = before.LeftMultiply(spread.EigenVectors.Column(component)).Normalize(2);
            var there = before * axis;

            // The sign of an axis means nothing: the farthest probe lies on its positive side, whatever the solver says.
            var sign = there[there.AbsoluteMaximumIndex()] < 0 ? -1 : 1;
            return (there * sign, after * axis * sign);
        }
    }

    private static DenseMatrix UnitRows(IReadOnlyList<float[]> vectors) =>
        DenseMatrix.OfRows(vectors.Select(vector => vector.Select(value => value / ProbeVectors.Norm(vector))));

    private static void Centre(DenseMatrix rows, Vector<double> mean)
    {
        for (var i = 0; i < rows.RowCount; i++)
        {
            rows.SetRow(i, rows.Row(i) - mean);
        }
    }
}
