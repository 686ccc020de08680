namespace DriftGuard.Core.Retrieval;

/// <summary>What one search returned, best first.</summary>
public static class RankedList
{
    /// <summary>
    /// Ranks scored documents: score descending, ties by the UTF-8 bytes of the id descending (trec_eval's order), so that a ranking
    /// never depends on the order in which a server lists equal scores.
    /// </summary>
    /// <param name="documents">Document ids with their scores, in any order.</param>
    /// <returns>The ids, best first.</returns>
    /// <exception cref="ArgumentException">A score is NaN, which has no place in an order.</exception>
    public static IReadOnlyList<string> FromScores(IEnumerable<KeyValuePair<string, double>> documents)
    {
        var scored = documents.ToArray();
        foreach (var (id, score) in scored)
        {
            if (double.IsNaN(score))
                throw new ArgumentException($"The score of document '{id}' is NaN; it cannot be ranked. Look at the vectors behind it.", nameof(documents));
        }

        Array.Sort(scored, static (a, b) => b.Value.CompareTo(a.Value) is var byScore and not 0
            ? byScore
            : Utf8ByteOrder.Instance.Compare(b.Key, a.Key));
        return Array.ConvertAll(scored, static document => document.Key);
    }
}
