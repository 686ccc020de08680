using System.Globalization;
using DriftGuard.Core.Calibration.Building;

namespace DriftGuard.Core.Calibration.Editing;

/// <summary>Ids for queries that come without any.</summary>
public static class NewQueryIds
{
    /// <summary>
    /// Queries without ids are those of the set that have their text (<see cref="QueryText.Normalised"/>), judged or not; the others are
    /// numbered from the set's next free id on, in their order. Rows that differ only in case or space become one query.
    /// </summary>
    /// <param name="queries">The set's <c>queries.jsonl</c>.</param>
    /// <param name="draft">What is added; one with ids of its own stays as it is.</param>
    public static CalibrationSetDraft Of(string queries, CalibrationSetDraft draft)
    {
        if (!draft.QueriesAreNumbered)
            return draft;
        var known = JsonLines.Read(CalibrationSetFiles.Queries, queries, new ProblemList());
        var taken = known.Select(query => query.Id).ToHashSet(StringComparer.Ordinal);
        var byText = new Dictionary<string, DraftQuery>(StringComparer.Ordinal);
        foreach (var query in known)
            byText.TryAdd(QueryText.Normalised(query.Text), new(query.Id, query.Text, new Dictionary<string, string>(StringComparer.Ordinal)));
        var (ids, renamed) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, DraftQuery>(StringComparer.Ordinal));
        foreach (var query in draft.Queries)
        {
            var text = QueryText.Normalised(query.Text);
            if (!byText.TryGetValue(text, out var same))
            {
                same = query with { Id = Free(taken) };
                taken.Add(same.Id);
                byText.Add(text, same);
            }

            renamed.TryAdd(same.Id, same);
            ids.Add(query.Id, same.Id);
        }

        return draft with { Queries = [.. renamed.Values], Judgements = [.. draft.Judgements.Where(judgement => ids.ContainsKey(judgement.QueryId)).Select(judgement => judgement with { QueryId = ids[judgement.QueryId] }).Distinct()] };
    }

    /// <summary>The id of a query that has none, by its number from 1.</summary>
    public static string Of(int number) => string.Create(CultureInfo.InvariantCulture, $"q{number:0000}");

    /// <summary>The next id that is not taken.</summary>
    /// <param name="taken">Ids of all lines of the set, judged or not.</param>
    public static string Free(IReadOnlySet<string> taken)
    {
        for (var number = taken.Count + 1; ; number++)
        {
            var id = Of(number);
            if (!taken.Contains(id))
                return id;
        }
    }
}
