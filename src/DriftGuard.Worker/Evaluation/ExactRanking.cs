using System.Numerics.Tensors;
using DriftGuard.Core.Embedding;
using DriftGuard.Core.Retrieval;

namespace DriftGuard.Worker.Evaluation;

/// <summary>Exact search over a few vectors in memory, as the preflight needs it.</summary>
internal static class ExactRanking
{
    /// <summary>Document ids, nearest first, at most <paramref name="depth"/> of them; several vectors of one document count as its nearest.</summary>
    public static IReadOnlyList<string> Rank(
        ReadOnlySpan<float> query, IReadOnlyList<(string Id, float[] Vector)> documents, VectorDistance distance, int depth)
    {
        var best = new Dictionary<string, double>(documents.Count, StringComparer.Ordinal);
        foreach (var (id, vector) in documents)
        {
            // A zero vector has no direction, and one with NaN no place: they come last, as long as nothing else of the document is nearer.
            var nearness = Nearness(query, vector, distance) is var found && double.IsNaN(found) ? double.NegativeInfinity : found;
            best[id] = best.TryGetValue(id, out var before) ? Math.Max(before, nearness) : nearness;
        }

        return [.. RankedList.FromScores(best).Take(depth)];
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
