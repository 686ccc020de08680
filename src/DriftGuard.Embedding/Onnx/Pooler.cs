using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Inference;

namespace DriftGuard.Embedding.Onnx;

/// <summary>Makes the vector of a text from what the graph gives for it: pooling, truncation, normalisation, in this order.</summary>
internal sealed class Pooler(ModelSpec spec)
{
    private readonly int _native = GraphContract.NativeDimensions(spec);

    /// <summary>The vector of one text, or why there is none.</summary>
    /// <param name="output">
    /// Token vectors <c>[sequence, native dimensions]</c>; with <see cref="Pooling.Output"/> one vector <c>[native dimensions]</c>.
    /// </param>
    /// <param name="tokens">How many of them belong to the text; the rest is padding.</param>
    /// <param name="failure">Why there is no vector.</param>
    public float[]? Pool(ReadOnlySpan<float> output, int tokens, out string? failure)
    {
        var vector = new float[spec.Dimensions];
        if (spec.Pooling == Pooling.Mean)
        {
            Sum(output, tokens, _native, vector);
            // Normalisation divides by the number of tokens too.
            if (spec.Normalisation == Normalisation.None)
                TensorPrimitives.Divide(vector, tokens, vector);
        }
        else
            output[..vector.Length].CopyTo(vector);

        return VectorEnd.TryFinish(vector, spec.Normalisation, out failure) ? vector : null;
    }

    /// <summary>Adds up rows, a block of columns at a time: its sums stay in registers, and each number of the graph's is read once.</summary>
    private static void Sum(ReadOnlySpan<float> rows, int count, int stride, Span<float> sum)
    {
        var column = 0;
        var width = Vector<float>.Count;
        // The one check of bounds for all that is loaded below.
        ref var source = ref MemoryMarshal.GetReference(rows[..(((count - 1) * stride) + sum.Length)]);
        for (; column <= sum.Length - (8 * width); column += 8 * width)
        {
            Vector<float> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
            var at = (nuint)column;
            for (var row = 0; row < count; row++, at += (nuint)stride)
            {
                a += Vector.LoadUnsafe(ref source, at);
                b += Vector.LoadUnsafe(ref source, at + (nuint)width);
                c += Vector.LoadUnsafe(ref source, at + (nuint)(2 * width));
                d += Vector.LoadUnsafe(ref source, at + (nuint)(3 * width));
                e += Vector.LoadUnsafe(ref source, at + (nuint)(4 * width));
                f += Vector.LoadUnsafe(ref source, at + (nuint)(5 * width));
                g += Vector.LoadUnsafe(ref source, at + (nuint)(6 * width));
                h += Vector.LoadUnsafe(ref source, at + (nuint)(7 * width));
            }

            var block = sum.Slice(column, 8 * width);
            a.CopyTo(block);
            b.CopyTo(block[width..]);
            c.CopyTo(block[(2 * width)..]);
            d.CopyTo(block[(3 * width)..]);
            e.CopyTo(block[(4 * width)..]);
            f.CopyTo(block[(5 * width)..]);
            g.CopyTo(block[(6 * width)..]);
            h.CopyTo(block[(7 * width)..]);
        }

        var rest = sum[column..];
        if (rest.IsEmpty)
            return;
        for (var row = 0; row < count; row++)
            TensorPrimitives.Add(rest, rows.Slice((row * stride) + column, rest.Length), rest);
    }
}
