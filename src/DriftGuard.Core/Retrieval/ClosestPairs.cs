using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DriftGuard.Core.Embedding;

namespace DriftGuard.Core.Retrieval;

/// <summary>Two vectors and the cosine of the angle between them.</summary>
/// <param name="First">Position of the one that comes first.</param>
/// <param name="Second">Position of the other.</param>
/// <param name="Cosine">From -1 to 1.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ClosePair(int First, int Second, double Cosine);

/// <summary>
/// The most similar pairs among many vectors, exactly: every pair is looked at, on all cores. What is compared lies in blocks that stay in
/// the caches and in registers, as in a product of matrices (Goto and van de Geijn 2008, "Anatomy of high-performance matrix
/// multiplication"); beside the vectors, memory holds one block a core.
/// </summary>
public static class ClosestPairs
{
    /// <summary>Vectors of the streamed side that are compared at a time: with two registers of columns, 12 sums, which leaves AVX2 four registers.</summary>
    private const int Rows = 6;

    /// <summary>Vectors of the side that stays in the cache.</summary>
    private const int ColumnsPerBlock = 128;

    /// <summary>Kept beyond what is asked for, since the order of the last ones is settled in double precision only.</summary>
    private const int Spare = 16;

    private static readonly int Width = Vector<float>.Count;

    /// <summary>The nearest pairs, nearest first; equal ones by position.</summary>
    /// <param name="vectors">All of one length, finite and not zero; they need not be normalised.</param>
    /// <param name="count">How many pairs at most.</param>
    /// <param name="cancellation">Ends the search at the next block.</param>
    /// <exception cref="ArgumentException">The vectors are not of one length.</exception>
    public static IReadOnlyList<ClosePair> Find(IReadOnlyList<float[]> vectors, int count, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        float[][] all = [.. vectors];
        if (all.Length < 2)
            return [];
        if (Array.Exists(all, v => v.Length != all[0].Length))
            throw new ArgumentException("the vectors are not of one length", nameof(vectors));

        var inverse = Array.ConvertAll(all, v => 1 / TensorPrimitives.Norm<float>(v));
        var best = new NearestPairs(count + Spare);
        var blocks = (all.Length + ColumnsPerBlock - 1) / ColumnsPerBlock;
        Parallel.For(
            0, blocks, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount },
            () => new Worker(all, inverse, count + Spare),
            (block, _, worker) => worker.Compare(blocks - 1 - block), // the last block has the most pairs, so it comes first
            worker => best.Merge(worker.Best));
        return [.. best.Pairs.Select(p => p with { Cosine = Similarity.Of(all[p.First], all[p.Second], VectorDistance.Cosine) }).Order(NearestPairs.Order).Take(count)];
    }

    /// <summary>What one core works with.</summary>
    private sealed class Worker(float[][] vectors, float[] inverse, int capacity)
    {
        private readonly int _dimensions = vectors[0].Length;
        private readonly float[] _packed = new float[ColumnsPerBlock * vectors[0].Length];
        private readonly float[] _cosines = new float[Rows * 2 * Width];

        public NearestPairs Best { get; } = new(capacity);

        /// <summary>Compares the vectors of a block with all before them and among each other.</summary>
        public Worker Compare(int block)
        {
            var start = block * ColumnsPerBlock;
            var end = Math.Min(start + ColumnsPerBlock, vectors.Length);
            Pack(start, end);
            for (var row = 0; row < end; row += Rows)
            {
                for (var column = start; column < end; column += 2 * Width)
                {
                    if (column + (2 * Width) > row + 1 && Multiply(row, (column - start) * _dimensions))
                        Take(row, column, end);
                }
            }

            return this;
        }

        /// <summary>Puts the same component of neighbouring vectors side by side, so that sums need not be added up across a register.</summary>
        private void Pack(int start, int end)
        {
            Array.Clear(_packed);
            for (var column = start; column < end; column++)
            {
                var group = (column - start) / (2 * Width);
                var at = (group * 2 * Width * _dimensions) + ((column - start) % (2 * Width));
                foreach (var value in vectors[column])
                {
                    _packed[at] = value * inverse[column];
                    at += 2 * Width;
                }
            }
        }

        /// <summary>The cosines of six vectors with a group of columns; whether any of them is near enough to be looked at.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private bool Multiply(int row, int group)
        {
            ref var a = ref Row(row);
            ref var b = ref Row(row + 1);
            ref var c = ref Row(row + 2);
            ref var d = ref Row(row + 3);
            ref var e = ref Row(row + 4);
            ref var f = ref Row(row + 5);
            ref var columns = ref _packed.AsSpan(group, 2 * Width * _dimensions)[0];
            Vector<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default;
            Vector<float> d0 = default, d1 = default, e0 = default, e1 = default, f0 = default, f1 = default;
            var (width, stride) = ((nuint)Width, (nuint)(2 * Width));
            for (nuint i = 0, at = 0; i < (nuint)_dimensions; i++, at += stride)
            {
                var left = Vector.LoadUnsafe(ref columns, at);
                var right = Vector.LoadUnsafe(ref columns, at + width);
                var value = new Vector<float>(Unsafe.Add(ref a, i));
                a0 = Vector.FusedMultiplyAdd(value, left, a0);
                a1 = Vector.FusedMultiplyAdd(value, right, a1);
                value = new Vector<float>(Unsafe.Add(ref b, i));
                b0 = Vector.FusedMultiplyAdd(value, left, b0);
                b1 = Vector.FusedMultiplyAdd(value, right, b1);
                value = new Vector<float>(Unsafe.Add(ref c, i));
                c0 = Vector.FusedMultiplyAdd(value, left, c0);
                c1 = Vector.FusedMultiplyAdd(value, right, c1);
                value = new Vector<float>(Unsafe.Add(ref d, i));
                d0 = Vector.FusedMultiplyAdd(value, left, d0);
                d1 = Vector.FusedMultiplyAdd(value, right, d1);
                value = new Vector<float>(Unsafe.Add(ref e, i));
                e0 = Vector.FusedMultiplyAdd(value, left, e0);
                e1 = Vector.FusedMultiplyAdd(value, right, e1);
                value = new Vector<float>(Unsafe.Add(ref f, i));
                f0 = Vector.FusedMultiplyAdd(value, left, f0);
                f1 = Vector.FusedMultiplyAdd(value, right, f1);
            }

            return Keep(row, a0, a1) | Keep(row + 1, b0, b1) | Keep(row + 2, c0, c1) | Keep(row + 3, d0, d1) | Keep(row + 4, e0, e1) | Keep(row + 5, f0, f1);

            bool Keep(int of, Vector<float> low, Vector<float> high)
            {
                var scale = inverse[Math.Min(of, vectors.Length - 1)];
                (low, high) = (low * scale, high * scale);
                var cosines = _cosines.AsSpan((of - row) * 2 * Width, 2 * Width);
                low.CopyTo(cosines);
                high.CopyTo(cosines[Width..]);
                var least = new Vector<float>(Best.Least);
                return Vector.GreaterThanOrEqualAny(low, least) || Vector.GreaterThanOrEqualAny(high, least);
            }
        }

        /// <summary>Beyond the last vector it stands for all that are missing; what is computed with it is left out by <see cref="Take"/>.</summary>
        private ref float Row(int row) => ref MemoryMarshal.GetArrayDataReference(vectors[Math.Min(row, vectors.Length - 1)]);

        private void Take(int row, int column, int end)
        {
            for (var i = 0; i < Rows; i++)
            {
                for (var j = Math.Max(0, row + i + 1 - column); j < Math.Min(2 * Width, end - column); j++)
                {
                    if (_cosines[(i * 2 * Width) + j] is var cosine && cosine >= Best.Least)
                        Best.Add(new(row + i, column + j, cosine));
                }
            }
        }
    }
}
