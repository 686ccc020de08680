namespace DriftGuard.Core.Calibration;

/// <summary>Relevant documents that a collection does not hold: the labels went stale, or the collection lost something.</summary>
/// <param name="Relevant">Distinct relevant documents of the set.</param>
/// <param name="Missing">How many of them are not there.</param>
/// <param name="MissingIds">The first of them, in the order of the queries.</param>
/// <param name="QueriesAffected">Queries that miss at least one relevant document.</param>
/// <param name="QueriesWithoutAny">Queries that have none left and can only score 0.</param>
public sealed record StaleLabels(int Relevant, int Missing, IReadOnlyList<string> MissingIds, int QueriesAffected, int QueriesWithoutAny)
{
    /// <summary>Whether the labels that are there were judged, or concluded from behaviour.</summary>
    public CalibrationLabels Labels { get; init; }

    /// <summary>Looks up every relevant document once.</summary>
    /// <param name="set">The calibration set.</param>
    /// <param name="isKnown">Whether the corpus or collection holds a document, by the id the judgements use.</param>
    /// <param name="named">How many missing ids to name; all are counted.</param>
    public static StaleLabels Find(CalibrationSet set, Func<string, bool> isKnown, int named = 10)
    {
        var known = new Dictionary<string, bool>(StringComparer.Ordinal);
        var missing = new List<string>();
        var affected = 0;
        var without = 0;
        foreach (var query in set.Queries)
        {
            var relevant = set.Qrels.RelevantTo(query.Id).ToArray();
            var found = relevant.Count(IsKnown);
            affected += found < relevant.Length ? 1 : 0;
            without += found == 0 ? 1 : 0;
        }

        return new StaleLabels(known.Count, missing.Count, [.. missing.Take(named)], affected, without) { Labels = set.Header.Labels };

        bool IsKnown(string id)
        {
            if (known.TryGetValue(id, out var answer))
                return answer;
            known.Add(id, answer = isKnown(id));
            if (!answer)
                missing.Add(id);
            return answer;
        }
    }
}
