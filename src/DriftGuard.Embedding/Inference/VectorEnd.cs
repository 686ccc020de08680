using System.Numerics.Tensors;
using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Inference;

/// <summary>The last steps to a vector, whoever computed it: it is finite, it has a direction, and it has the length that the spec says.</summary>
internal static class VectorEnd
{
    /// <summary>Normalises a vector in place; <see langword="false"/>, and why, where it is none.</summary>
    public static bool TryFinish(Span<float> vector, Normalisation normalisation, out string? failure)
    {
        // Infinity and NaN survive sums; squares that overflow cannot be normalised either.
        var length = TensorPrimitives.Norm<float>(vector);
        failure = !float.IsFinite(length) ? EmbeddingFailures.NotFinite : length == 0 ? EmbeddingFailures.ZeroVector : null;
        if (failure is not null)
            return false;
        if (normalisation == Normalisation.L2)
            TensorPrimitives.Divide(vector, length, vector);
        return true;
    }
}
