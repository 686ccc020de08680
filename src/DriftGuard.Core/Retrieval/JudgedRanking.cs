namespace DriftGuard.Core.Retrieval;

/// <summary>One query's ranking with the grade of each rank, from which every metric follows without looking at an id again.</summary>
public sealed class JudgedRanking
{
    private readonly int[] gains;
    private readonly int[] idealGains;

    private JudgedRanking(int[] gains, int[] idealGains)
    {
        this.gains = gains;
        this.idealGains = idealGains;
    }

    /// <summary>R: the relevant documents of the query, retrieved or not.</summary>
    public int Relevant => idealGains.Length;

    /// <summary>Looks up the grade of every ranked document.</summary>
    /// <param name="rankedIds">Document ids, best first, each at most once.</param>
    /// <param name="judgements">Document id to grade. Relevant is a grade of 1 or more; others, and unjudged documents, have gain 0 and keep their rank.</param>
    /// <exception cref="ArgumentException">A document is ranked twice: every count would be too high.</exception>
    public static JudgedRanking Judge(IReadOnlyList<string> rankedIds, IReadOnlyDictionary<string, int> judgements)
    {
        var seen = new HashSet<string>(rankedIds.Count, StringComparer.Ordinal);
        var grades = new int[rankedIds.Count];
        for (var i = 0; i < grades.Length; i++)
        {
            var id = rankedIds[i];
            if (!seen.Add(id))
                throw new ArgumentException($"Document '{id}' is ranked twice, the second time at rank {i + 1}; a ranking names each document once.", nameof(rankedIds));
            grades[i] = judgements.TryGetValue(id, out var grade) ? Math.Max(0, grade) : 0;
        }

        var ideal = judgements.Values.Where(grade => grade >= 1).ToArray();
        Array.Sort(ideal, (a, b) => b.CompareTo(a));
        return new JudgedRanking(grades, ideal);
    }

    internal int RelevantWithin(int cutoff)
    {
        var first = gains.AsSpan(0, Math.Min(cutoff, gains.Length));
        return first.Length - first.Count(0);
    }

    internal double Ndcg(int cutoff)
    {
        var ideal = DiscountedGain(idealGains, cutoff);
        return ideal > 0 ? DiscountedGain(gains, cutoff) / ideal : 0;
    }

    internal double AveragePrecision()
    {
        if (Relevant == 0)
            return 0;
        var found = 0;
        var sum = 0.0;
        for (var i = 0; i < gains.Length; i++)
        {
            if (gains[i] >= 1)
                sum += ++found / (double)(i + 1);
        }

        return sum / Relevant;
    }

    internal double ReciprocalRank()
    {
        var first = gains.AsSpan().IndexOfAnyExcept(0);
        return first < 0 ? 0 : 1.0 / (first + 1);
    }

    private static double DiscountedGain(ReadOnlySpan<int> gains, int cutoff)
    {
        var sum = 0.0;
        for (var i = 0; i < Math.Min(cutoff, gains.Length); i++)
        {
            if (gains[i] > 0)
                sum += gains[i] / Math.Log2(i + 2);
        }

        return sum;
    }
}
