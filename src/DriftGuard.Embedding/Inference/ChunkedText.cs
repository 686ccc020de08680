using System.Numerics.Tensors;
using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Inference;

/// <summary>
/// A text that is embedded in chunks. Its vector is the mean of theirs, weighted by tokens: what the text says in a chunk of ten words
/// counts ten words' worth.
/// </summary>
/// <param name="Index">The text's position in the call.</param>
/// <param name="Chunks">The chunks' outcomes, filled in as they are embedded.</param>
internal readonly record struct ChunkedText(int Index, EmbeddingOutcome[] Chunks)
{
    /// <summary>The outcome of the text, once all chunks have theirs. One chunk without a vector leaves the text without one.</summary>
    public EmbeddingOutcome Mean(Normalisation normalisation)
    {
        var tokens = Chunks.Sum(c => c.Tokens);
        float[]? mean = null;
        for (var i = 0; i < Chunks.Length; i++)
        {
            if (!Chunks[i].IsEmbedded)
                return EmbeddingOutcome.Failed($"chunk {i + 1} of {Chunks.Length}: {Chunks[i].Failure}", tokens, overLong: true);
            mean ??= new float[Chunks[i].Vector!.Length];
            TensorPrimitives.MultiplyAdd(Chunks[i].Vector, Chunks[i].Tokens / (float)tokens, mean, mean);
        }

        return VectorEnd.TryFinish(mean, normalisation, out var failure)
            ? EmbeddingOutcome.Embedded(mean!, tokens, truncated: false, Chunks.Length)
            : EmbeddingOutcome.Failed(failure!, tokens, overLong: true);
    }
}
