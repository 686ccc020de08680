using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace DriftGuard.Testing.Models;

/// <summary>
/// A matrix that turns a space and keeps all lengths and angles in it, <c>[dimensions, dimensions]</c>: a vector v becomes v M. The same
/// seed gives the same matrix.
/// </summary>
public sealed class Orthogonal
{
    private readonly Matrix<double> _matrix;

    private Orthogonal(Matrix<double> matrix) => _matrix = matrix;

    /// <summary>Length of the vectors it turns.</summary>
    public int Dimensions => _matrix.RowCount;

    /// <summary>The components in another order.</summary>
    public static Orthogonal Permutation(int dimensions, int seed)
    {
        var order = Enumerable.Range(0, dimensions).ToArray();
        new Random(seed).Shuffle(order);
        return new(Matrix<double>.Build.Dense(dimensions, dimensions, (row, column) => order[row] == column ? 1 : 0));
    }

    /// <summary>Each component with the other sign, or not, by a coin.</summary>
    public static Orthogonal Signs(int dimensions, int seed)
    {
        var random = new Random(seed);
        var signs = Enumerable.Range(0, dimensions).Select(_ => random.Next(2) == 0 ? -1.0 : 1.0).ToArray();
        return new(Matrix<double>.Build.Diagonal(signs));
    }

    /// <summary>A rotation, uniform among all: QR of a Gaussian matrix, with signs made unique, and no reflection.</summary>
    public static Orthogonal Rotation(int dimensions, int seed)
    {
        var random = new Random(seed);
        var qr = Matrix<double>.Build.Dense(dimensions, dimensions, (_, _) => Normal.Sample(random, 0, 1)).QR();
        var rotation = qr.Q * Matrix<double>.Build.DiagonalOfDiagonalVector(qr.R.Diagonal().Map(r => r < 0 ? -1.0 : 1.0));
        if (rotation.Determinant() < 0)
            rotation.SetColumn(0, -rotation.Column(0));
        return new(rotation);
    }

    /// <summary>A vector, turned.</summary>
    public float[] Turn(ReadOnlySpan<float> vector)
    {
        var turned = Vector<double>.Build.DenseOfEnumerable(vector.ToArray().Select(x => (double)x)) * _matrix;
        return [.. turned.Select(x => (float)x)];
    }

    /// <summary>The numbers row by row.</summary>
    public float[] ToRows() => [.. _matrix.ToRowMajorArray().Select(x => (float)x)];
}
