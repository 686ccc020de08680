using DriftGuard.Core.Embedding;

namespace DriftGuard.Core.Retrieval;

/// <summary>How alike two vectors are, summed in double precision: larger means more alike, whatever they are compared by.</summary>
public static class Similarity
{
    /// <summary>Cosine or dot product; the negated distance where vectors are compared by one.</summary>
    /// <param name="a">A vector.</param>
    /// <param name="b">Another, of the same length.</param>
    /// <param name="distance">How they are compared.</param>
    /// <returns>NaN for the cosine of a zero vector, and where a component is NaN.</returns>
    /// <exception cref="ArgumentException">The vectors are not of one length.</exception>
    public static double Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b, VectorDistance distance)
    {
        if (a.Length != b.Length)
            throw new ArgumentException($"The vectors have {a.Length} and {b.Length} dimensions.", nameof(b));
        var (dot, first, second, squares, steps) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            double x = a[i], y = b[i];
            dot += x * y;
            first += x * x;
            second += y * y;
            squares += (x - y) * (x - y);
            steps += Math.Abs(x - y);
        }

        return distance switch
        {
            VectorDistance.Dot => dot,
            VectorDistance.Euclid => -Math.Sqrt(squares),
            VectorDistance.Manhattan => -steps,
            _ => dot / Math.Sqrt(first * second),
        };
    }

    /// <summary>What <see cref="Of"/> gives, in a word: <c>cosine</c>, <c>dot</c>, <c>negated_euclid</c>, <c>negated_manhattan</c>.</summary>
    public static string NameOf(VectorDistance distance) => (distance.IsNearerWhenLess() ? "negated_" : "") + SpecWord.Of(distance);
}
