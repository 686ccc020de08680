using System.Numerics.Tensors;
using DriftGuard.Core.Embedding;
using DriftGuard.Core.Retrieval;

namespace DriftGuard.Worker.Evaluation;

/// <summary>Exact search over vectors in memory: those of a preflight, or of a model that serves nothing yet.</summary>
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

        return [.. RankedList.FromScores(Nearest(best, depth)).Take(depth)];
    }

    /// <summary>Those that can be among the first: as near as the last of them, so that ties are still broken by id.</summary>
    private static IEnumerable<KeyValuePair<string, double>> Nearest(Dictionary<string, double> documents, int depth)
    {
        if (documents.Count <= depth)
        {
            return documents;
        }

        var nearest = new PriorityQueue<double, double>(depth);
        foreach (var nearness in documents.Values)
        {
            if (nearest.Count < depth)
            {
                nearest.Enqueue(nearness, nearness);
            }
            else if (nearness > nearest.Peek())
            {
                nearest.EnqueueDequeue(nearness, nearness);
            }
        }

        var least = nearest.Peek();
        return documents.Where(document => document.Value >= least);
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
