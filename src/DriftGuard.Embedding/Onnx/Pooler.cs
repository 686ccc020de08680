using System.Numerics.Tensors;
using DriftGuard.Core.Embedding;

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
        var vector = output[..spec.Dimensions].ToArray();
        if (spec.Pooling == Pooling.Mean)
        {
            for (var token = 1; token < tokens; token++)
                TensorPrimitives.Add(vector, output.Slice(token * _native, spec.Dimensions), vector);
            // Normalisation divides by the number of tokens too.
            if (spec.Normalisation == Normalisation.None)
                TensorPrimitives.Divide(vector, tokens, vector);
        }

        // Infinity and NaN survive sums; squares that overflow cannot be normalised either.
        var length = TensorPrimitives.Norm<float>(vector);
        failure = !float.IsFinite(length) ? EmbeddingFailures.NotFinite : length == 0 ? EmbeddingFailures.ZeroVector : null;
        if (failure is not null)
            return null;
        if (spec.Normalisation == Normalisation.L2)
            TensorPrimitives.Divide(vector, length, vector);
        return vector;
    }
}
