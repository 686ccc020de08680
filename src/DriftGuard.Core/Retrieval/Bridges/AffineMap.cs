using System.Numerics.Tensors;

namespace DriftGuard.Core.Retrieval.Bridges;

/// <summary>An affine map from one model's vectors into another's space: y = x W + b, vectors being rows.</summary>
/// <remarks>It is as good as the pairs that it was fitted on, and no better than the labels say: see <see cref="AffineMaps"/>.</remarks>
public sealed class AffineMap
{
    private readonly float[][] _columns;
    private readonly float[] _offset;

    /// <summary>A map by its matrix.</summary>
    /// <param name="columns">W by columns: as many as the target has dimensions, each as long as a vector that is mapped.</param>
    /// <param name="offset">b, one for each column.</param>
    /// <exception cref="ArgumentException">The columns differ in length, or are not as many as the offsets; or there are none.</exception>
    public AffineMap(float[][] columns, float[] offset)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(offset);
        if (columns.Length == 0 || columns.Length != offset.Length || columns[0].Length == 0 || columns.Any(column => column.Length != columns[0].Length))
        {
            throw new ArgumentException($"a map of {columns.Length} columns and {offset.Length} offsets: expected as many of both, and columns of one length", nameof(columns));
        }

        (_columns, _offset) = (columns, offset);
    }

    /// <summary>Dimensions of the vectors that are mapped.</summary>
    public int From => _columns[0].Length;

    /// <summary>Dimensions of the vectors that come out.</summary>
    public int To => _columns.Length;

    /// <summary>W by columns.</summary>
    public IReadOnlyList<float[]> Columns => _columns;

    /// <summary>b.</summary>
    public IReadOnlyList<float> Offset => _offset;

    /// <summary>Maps a vector.</summary>
    /// <param name="vector">Of <see cref="From"/> dimensions.</param>
    /// <returns>A new vector of <see cref="To"/> dimensions, of whatever length.</returns>
    /// <exception cref="ArgumentException">The vector has other dimensions.</exception>
    public float[] Map(ReadOnlySpan<float> vector)
    {
        if (vector.Length != From)
        {
            throw new ArgumentException($"a vector of {vector.Length} components: the map takes {From}", nameof(vector));
        }

        var mapped = new float[To];
        for (var i = 0; i < mapped.Length; i++)
        {
            mapped[i] = TensorPrimitives.Dot(vector, _columns[i]) + _offset[i];
        }

        return mapped;
    }

    /// <summary>Maps a vector and makes it of length 1, for a space whose vectors are; one that is mapped to zero stays so.</summary>
    /// <inheritdoc cref="Map"/>
    public float[] MapToUnit(ReadOnlySpan<float> vector)
    {
        var mapped = Map(vector);
        var length = TensorPrimitives.Norm<float>(mapped);
        if (length > 0)
        {
            TensorPrimitives.Divide(mapped, length, mapped);
        }

        return mapped;
    }
}
