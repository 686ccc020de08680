namespace DriftGuard.Core.Statistics.TwoSample;

/// <summary>Two samples of vectors, one after the other, checked once for all that compares them.</summary>
public sealed class Samples
{
    private Samples(double[][] rows, int first)
    {
        Rows = rows;
        First = first;
    }

    /// <summary>The vectors: those of the first sample, then those of the second.</summary>
    public IReadOnlyList<double[]> Rows { get; }

    /// <summary>Size of the first sample.</summary>
    public int First { get; }

    /// <summary>Size of the second sample.</summary>
    public int Second => Rows.Count - First;

    /// <summary>Samples of 32-bit vectors. Sums are taken in 64 bits, since differences of means of thousands are small.</summary>
    /// <exception cref="ArgumentException">A sample is empty, the vectors are not of one length, or a component is not finite.</exception>
    public static Samples Of(IEnumerable<float[]> first, IEnumerable<float[]> second) =>
        Of(first.Select(Widened), second.Select(Widened));

    /// <summary>Samples of 64-bit vectors.</summary>
    /// <exception cref="ArgumentException">A sample is empty, the vectors are not of one length, or a component is not finite.</exception>
    public static Samples Of(IEnumerable<double[]> first, IEnumerable<double[]> second)
    {
        var rows = first.ToList();
        var size = rows.Count;
        rows.AddRange(second);
        if (size == 0 || size == rows.Count)
            throw new ArgumentException($"The samples have {size} and {rows.Count - size} vectors; each needs one at least.", nameof(second));
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Length != rows[0].Length)
                throw new ArgumentException($"Vector {i} has {rows[i].Length} dimensions, the first has {rows[0].Length}.", i < size ? nameof(first) : nameof(second));
            if (!rows[i].All(double.IsFinite))
                throw new ArgumentException($"Vector {i} has a component that is not finite.", i < size ? nameof(first) : nameof(second));
        }

        return new([.. rows], size);
    }

    /// <summary>Two samples of these vectors, by position.</summary>
    internal Samples Selected(IReadOnlyList<int> first, IReadOnlyList<int> second) => first.Count > 0 && second.Count > 0
        ? new([.. first.Concat(second).Select(position => Rows[position])], first.Count)
        : throw new ArgumentException($"The samples have {first.Count} and {second.Count} vectors; each needs one at least.", nameof(second));

    private static double[] Widened(float[] vector) => Array.ConvertAll(vector, component => (double)component);
}
