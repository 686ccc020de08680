using System.Numerics.Tensors;
using DriftGuard.Core.Embedding;
using DriftGuard.Core.Retrieval;

namespace DriftGuard.Worker.Evaluation;

/// <summary>Exact search over a few vectors in memory, as the preflight needs it.</summary>
internal static class ExactRanking
{
    /// <summary>Document ids, nearest first, at most <paramref name="depth"/> of them.</summary>
    public static IReadOnlyList<string> Rank(
        ReadOnlySpan<float> query, IReadOnlyList<(string Id, float[] Vector)> documents, VectorDistance distance, int depth)
    {
        var scores = new KeyValuePair<string, double>[documents.Count];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = new(documents[i].Id, Nearness(query, documents[i].Vector, distance));
        }

        return [.. RankedList.FromScores(scores).Take(depth)];
    }

    private static double Nearness(ReadOnlySpan<float> a, ReadOnlySpan<float> b, VectorDistance distance) => distance switch
    {
        VectorDistance.Dot => TensorPrimitives.Dot(a, b),
        VectorDistance.Euclid => -TensorPrimitives.Distance(a, b),
        VectorDistance.Manhattan => -Manhattan(a, b),
        _ => TensorPrimitives.CosineSimilarity(a, b),
    };

    private static double Manhattan(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += Math.Abs(a[i] - b[i]);
        }

        return sum;
    }
}
