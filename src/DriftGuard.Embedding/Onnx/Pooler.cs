using System.Numerics.Tensors;
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
        var vector = output[..spec.Dimensions].ToArray();
        if (spec.Pooling == Pooling.Mean)
        {
            for (var token = 1; token < tokens; token++)
                TensorPrimitives.Add(vector, output.Slice(token * _native, spec.Dimensions), vector);
            // Normalisation divides by the number of tokens too.
            if (spec.Normalisation == Normalisation.None)
                TensorPrimitives.Divide(vector, tokens, vector);
        }

        return VectorEnd.TryFinish(vector, spec.Normalisation, out failure) ? vector : null;
    }
}
