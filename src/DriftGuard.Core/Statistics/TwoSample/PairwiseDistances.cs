using System.Numerics.Tensors;

namespace DriftGuard.Core.Statistics.TwoSample;

/// <summary>
/// Euclidean distances of every two vectors. By differences and not by dot products: two equal vectors have distance 0 and nothing near it.
/// </summary>
public sealed class PairwiseDistances
{
    /// <summary>Vectors that are compared as a block, so that they stay in the cache.</summary>
    private const int Block = 64;

    private readonly double[] _distances;

    private PairwiseDistances(Samples samples, double[] distances)
    {
        Samples = samples;
        _distances = distances;
    }

    /// <summary>What was compared.</summary>
    public Samples Samples { get; }

    private int Count => Samples.Rows.Count;

    /// <summary>The distance of two vectors, by their positions in the pooled rows.</summary>
    public double this[int i, int j] => _distances[(i * Count) + j];

    /// <summary>Measures on all cores. Takes 8 bytes for each pair of vectors, both orders counted.</summary>
    /// <exception cref="ArgumentException">There are more than 40,000 vectors.</exception>
    public static PairwiseDistances Of(Samples samples)
    {
        var rows = samples.Rows;
        var count = rows.Count;
        if (count > 40_000)
            throw new ArgumentException($"{count} vectors have {(long)count * count} pairs; compare samples of both.", nameof(samples));
        var distances = new double[count * count];
        var blocks = (count + Block - 1) / Block;
        Parallel.For(0, blocks, first =>
        {
            for (var second = first; second < blocks; second++)
                Fill(rows, distances, first * Block, second * Block);
        });
        return new(samples, distances);
    }

    /// <summary>
    /// The distances of two samples of what was compared, without measuring again: for many samples of one set of vectors. Costs what
    /// copying does.
    /// </summary>
    /// <param name="first">Positions in the pooled rows of the vectors of the first sample, one at least; a position may occur twice, at distance 0.</param>
    /// <param name="second">The same for the second sample.</param>
    /// <exception cref="ArgumentException">A sample is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no vector at a position.</exception>
    public PairwiseDistances Select(IReadOnlyList<int> first, IReadOnlyList<int> second)
    {
        int[] positions = [.. first, .. second];
        if (positions.Any(position => position < 0 || position >= Count))
            throw new ArgumentOutOfRangeException(nameof(first), $"A position is not one of the {Count} vectors that were compared.");
        var samples = Samples.Selected(first, second);
        var distances = new double[positions.Length * positions.Length];
        for (var i = 0; i < positions.Length; i++)
        {
            var row = distances.AsSpan(i * positions.Length, positions.Length);
            var from = Row(positions[i]);
            for (var j = 0; j < positions.Length; j++)
                row[j] = from[positions[j]];
        }

        return new(samples, distances);
    }

    /// <summary>
    /// The median of the distances of all pairs, both samples pooled; the mean of the middle two where their number is even. The usual
    /// bandwidth of a Gaussian kernel (Gretton et al. 2012, section 8); 0 if half of the vectors are equal.
    /// </summary>
    public double Median()
    {
        var pairs = new double[Count * (Count - 1) / 2];
        var at = 0;
        for (var i = 0; i < Count; i++)
        {
            _distances.AsSpan((i * Count) + i + 1, Count - i - 1).CopyTo(pairs.AsSpan(at));
            at += Count - i - 1;
        }

        if (pairs.Length == 0)
            return 0;
        Array.Sort(pairs);
        var middle = pairs.Length / 2;
        return pairs.Length % 2 == 1 ? pairs[middle] : (pairs[middle - 1] + pairs[middle]) / 2;
    }

    /// <summary>A row of distances: of one vector to all.</summary>
    public ReadOnlySpan<double> Row(int i) => _distances.AsSpan(i * Count, Count);

    private static void Fill(IReadOnlyList<double[]> rows, double[] distances, int firstStart, int secondStart)
    {
        var count = rows.Count;
        for (var i = firstStart; i < Math.Min(firstStart + Block, count); i++)
        {
            for (var j = Math.Max(secondStart, i + 1); j < Math.Min(secondStart + Block, count); j++)
            {
                var distance = TensorPrimitives.Distance<double>(rows[i], rows[j]);
                distances[(i * count) + j] = distance;
                distances[(j * count) + i] = distance;
            }
        }
    }
}
