using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace DriftGuard.Qdrant.Embedded.Search;

/// <summary>How near two vectors are; larger is nearer, so distances come negated. Static, so that each scan is compiled for its metric.</summary>
internal interface IMetric
{
    static abstract float Nearness(ReadOnlySpan<float> a, ReadOnlySpan<float> b);
}

/// <summary>Dot product; also cosine, whose vectors are stored normalised.</summary>
internal readonly struct DotMetric : IMetric
{
    public static float Nearness(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => TensorPrimitives.Dot(a, b);
}

internal readonly struct EuclidMetric : IMetric
{
    public static float Nearness(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => -TensorPrimitives.Distance(a, b);
}

internal readonly struct ManhattanMetric : IMetric
{
    public static float Nearness(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        // TensorPrimitives has no sum of absolute differences; in two calls it would need a scratch vector.
        var left = MemoryMarshal.Cast<float, Vector<float>>(a);
        var right = MemoryMarshal.Cast<float, Vector<float>>(b);
        var lanes = Vector<float>.Zero;
        for (var i = 0; i < left.Length; i++) lanes += Vector.Abs(left[i] - right[i]);
        var sum = Vector.Sum(lanes);
        for (var i = left.Length * Vector<float>.Count; i < a.Length; i++) sum += MathF.Abs(a[i] - b[i]);
        return -sum;
    }
}
