using System.Numerics.Tensors;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;

namespace DriftGuard.Worker.Drift.Origins;

/// <summary>A text and a vector of it that was made some time.</summary>
/// <param name="Id">The point or probe.</param>
/// <param name="Text">The text.</param>
/// <param name="Vector">Its vector.</param>
/// <param name="Threshold">How far the same text's vector may lie off it, as <see cref="StoredVectors.Distance"/>.</param>
internal sealed record StoredText(string Id, string Text, float[] Vector, double Threshold)
{
    /// <summary>What the text is.</summary>
    public InputKind Kind { get; init; }
}

/// <summary>Stored vectors against those of a model.</summary>
internal static class StoredVectors
{
    /// <summary>
    /// How far two vectors of a text lie apart: 1 - cosine; where lengths are compared in searches, the relative difference of the lengths if
    /// that is more.
    /// </summary>
    /// <returns>0 for the same vector; NaN where one of them is zero or not finite.</returns>
    public static double Distance(ReadOnlySpan<float> stored, ReadOnlySpan<float> made, bool lengthsMatter)
    {
        if (stored.Length != made.Length)
        {
            return double.PositiveInfinity;
        }

        double first = TensorPrimitives.Norm(stored), second = TensorPrimitives.Norm(made);
        var (dot, scale) = (0.0, first * second);
        for (var i = 0; i < stored.Length; i++)
        {
            dot += (double)stored[i] * made[i];
        }

        var angle = Math.Max(0, 1 - (dot / scale));
        return lengthsMatter ? Math.Max(angle, Math.Abs(first - second) / second) : angle;
    }

    /// <summary>Whether searches under a spec's distance depend on the lengths of stored vectors.</summary>
    public static bool LengthsMatter(ModelSpec spec) => spec.Distance != VectorDistance.Cosine;

    /// <summary>Distances of stored vectors to what was made of their texts; NaN where nothing was.</summary>
    public static IReadOnlyList<double> Distances(IReadOnlyList<StoredText> stored, IReadOnlyList<EmbeddingOutcome> made, bool lengthsMatter) =>
        [.. stored.Select((text, i) => made[i].Vector is { } vector ? Distance(text.Vector, vector, lengthsMatter) : double.NaN)];
}
