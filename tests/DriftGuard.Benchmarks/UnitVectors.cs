using System.Numerics.Tensors;

namespace DriftGuard.Benchmarks;

/// <summary>Random directions.</summary>
internal static class UnitVectors
{
    public static float[] Next(Random random, int dimensions)
    {
        var vector = new float[dimensions];
        foreach (ref var component in vector.AsSpan())
        {
            component = random.NextSingle() - 0.5f;
        }

        TensorPrimitives.Divide(vector, TensorPrimitives.Norm(vector), vector);
        return vector;
    }
}
