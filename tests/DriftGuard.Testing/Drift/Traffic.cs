using System.Numerics.Tensors;
using DriftGuard.Core.Drift.Queries;

namespace DriftGuard.Testing.Drift;

/// <summary>A text with its vector and the cosine of its nearest document.</summary>
/// <param name="Text">The text.</param>
/// <param name="Vector">Its vector.</param>
/// <param name="BestScore">Cosine of the nearest document.</param>
public sealed record ServedText(LabelledText Text, float[] Vector, double BestScore);

/// <summary>
/// Days of queries drawn from real texts, and the kernel of every two of them computed once, so that a thousand days cost no more than their look-ups.
/// </summary>
public sealed class Traffic
{
    private readonly IReadOnlyList<IReadOnlyList<ServedText>> _intents;
    private readonly Dictionary<float[], int> _positions;
    private readonly float[] _kernel;

    /// <summary>Traffic of texts.</summary>
    /// <param name="usual">What is asked.</param>
    /// <param name="foreign">What days may have besides.</param>
    /// <param name="baselineSize">Queries of the baseline, drawn from the usual ones.</param>
    public Traffic(IReadOnlyList<ServedText> usual, IReadOnlyList<ServedText> foreign, int baselineSize)
    {
        Usual = usual;
        _intents = [.. usual.GroupBy(text => text.Text.Intent, StringComparer.Ordinal).Select(intent => intent.ToList())];
        var baseline = Draw(usual, baselineSize, new Random(20));
        Baseline = QueryBaseline.Of([.. baseline.Select(text => text.Vector)], [.. baseline.Select(text => text.BestScore)]);
        float[][] vectors = [.. usual.Concat(foreign).Select(text => text.Vector)];
        _positions = vectors.Index().ToDictionary(vector => vector.Item, vector => vector.Index, ReferenceEqualityComparer.Instance as IEqualityComparer<float[]>);
        _kernel = new float[vectors.Length * vectors.Length];
        var scale = -1 / (2 * Baseline.Bandwidth * Baseline.Bandwidth);
        Parallel.For(0, vectors.Length, i =>
        {
            for (var j = 0; j <= i; j++)
            {
                double distance = TensorPrimitives.Distance<float>(vectors[i], vectors[j]);
                _kernel[(i * vectors.Length) + j] = _kernel[(j * vectors.Length) + i] = (float)Math.Exp(scale * distance * distance);
            }
        });
    }

    /// <summary>All that is usually asked.</summary>
    public IReadOnlyList<ServedText> Usual { get; }

    /// <summary>What was learnt from a random part of it.</summary>
    public QueryBaseline Baseline { get; }

    /// <summary>The kernel for a list of vectors, each one of the traffic's own.</summary>
    public Func<int, int, double> KernelOf(IReadOnlyList<float[]> vectors)
    {
        var positions = vectors.Select(vector => _positions[vector]).ToArray();
        var count = _positions.Count;
        return (i, j) => _kernel[(positions[i] * count) + positions[j]];
    }

    /// <summary>A day on which only a few things are asked for.</summary>
    public IReadOnlyList<ServedText> DayOfTopics(int intents, int queries, Random random) =>
        Draw([.. Draw(_intents, intents, random).SelectMany(intent => intent)], queries, random);

    /// <summary>A day of sessions, each with a few queries of one intent.</summary>
    public IReadOnlyList<ServedText> DayOfSessions(int sessions, int queriesEach, Random random) =>
        [.. Enumerable.Range(0, sessions).SelectMany(_ => Draw(_intents[random.Next(_intents.Count)], queriesEach, random))];

    /// <summary>Some of a day's queries replaced by others.</summary>
    public static IReadOnlyList<ServedText> Replaced(IReadOnlyList<ServedText> day, IReadOnlyList<ServedText> by, double share, Random random)
    {
        var count = (int)Math.Round(share * day.Count);
        return [.. Draw(day, day.Count - count, random), .. Draw(by, count, random)];
    }

    /// <summary>As it was observed.</summary>
    /// <param name="number">Number of the day.</param>
    /// <param name="queries">Its queries.</param>
    public static DayOfQueries Day(int number, IReadOnlyList<ServedText> queries) =>
        new(new DateOnly(2026, 1, 1).AddDays(number), [.. queries.Select(query => new ObservedQuery(null, query.Vector, query.BestScore))]);

    /// <summary>So many at random, without repeats.</summary>
    public static IReadOnlyList<T> Draw<T>(IReadOnlyList<T> items, int count, Random random)
    {
        T[] shuffled = [.. items];
        count = Math.Min(count, shuffled.Length);
        for (var i = 0; i < count; i++)
        {
            var other = random.Next(i, shuffled.Length);
            (shuffled[i], shuffled[other]) = (shuffled[other], shuffled[i]);
        }

        return shuffled[..count];
    }

    /// <summary>For each vector the largest dot product with any document.</summary>
    public static double[] BestScores(IReadOnlyList<float[]> vectors, IReadOnlyList<float[]> documents)
    {
        var best = new double[vectors.Count];
        Parallel.For(0, vectors.Count, i => best[i] = documents.Max(document => TensorPrimitives.Dot<float>(vectors[i], document)));
        return best;
    }
}
