using System.Numerics.Tensors;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Search;

/// <summary>What a distance means for stored vectors, scores and thresholds.</summary>
internal static class Distances
{
    public static bool SmallerIsNearer(this Distance distance) => distance is Distance.Euclid or Distance.Manhattan;

    /// <summary>
    /// Makes a vector what is stored and searched with: cosine normalises to unit length, but leaves vectors that are unit already,
    /// or shorter than the square root of the float epsilon (Qdrant's rule, which keeps a zero vector zero).
    /// </summary>
    public static void Prepare(this Distance distance, Span<float> vector)
    {
        if (distance != Distance.Cosine) return;
        const float floatEpsilon = 1.1920929e-7f;
        var squared = TensorPrimitives.SumOfSquares(vector);
        if (squared < floatEpsilon || MathF.Abs(squared - 1) <= 1e-6f) return;
        TensorPrimitives.Divide(vector, MathF.Sqrt(squared), vector);
    }

    /// <summary>The score that is reported for a nearness.</summary>
    public static float Score(this Distance distance, float nearness) => distance.SmallerIsNearer() ? -nearness : nearness;

    /// <summary>Whether a nearness passes a score threshold; equality does not, as in Qdrant.</summary>
    public static bool Passes(this Distance distance, float nearness, float threshold) =>
        nearness > (distance.SmallerIsNearer() ? -threshold : threshold);
}
