using System.Globalization;

namespace DriftGuard.Core.Calibration.Linting.Rules;

/// <summary>
/// Queries that differ in a word. Two queries whose words overlap by the threshold (Jaccard) must share one of their rarest words, so only
/// those are compared (prefix filtering, Chaudhuri et al. 2006).
/// </summary>
internal static class NearDuplicateQueries
{
    private const double Overlap = .85;

    /// <summary>Shorter ones are alike by chance.</summary>
    private const int LeastWords = 5;

    public static IEnumerable<LintFinding> Look(LintSubject subject)
    {
        var pairs = Pairs(subject.Set.Queries);
        if (pairs.Count == 0)
            yield break;
        var queries = pairs.SelectMany(pair => new[] { pair.First.Id, pair.Second.Id }).Distinct(StringComparer.Ordinal).Count();
        yield return new(
            "near_duplicate_queries", LintSeverity.Note,
            string.Create(CultureInfo.InvariantCulture, $"{queries} queries have next to the same words as another one ({pairs.Count} pairs share {Overlap:0%} of their words or more): they say little more than one"),
            "look at them; keep one of each, or give them one value of a group_field")
        {
            Examples = [.. pairs.Take(LintFinding.Named).Select(pair => $"{pair.First.Id}, {pair.Second.Id}: {pair.First.Text} | {pair.Second.Text}")],
            Figures = new Dictionary<string, double>(StringComparer.Ordinal) { ["pairs"] = pairs.Count, ["queries"] = queries },
        };
    }

    private static List<(CalibrationQuery First, CalibrationQuery Second)> Pairs(IReadOnlyList<CalibrationQuery> queries)
    {
        var words = queries.Select(query => QueryText.Words(query.Text)).ToArray();
        var frequency = words.SelectMany(own => own).CountBy(word => word, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var (byWord, pairs) = (new Dictionary<string, List<int>>(StringComparer.Ordinal), new List<(CalibrationQuery, CalibrationQuery)>());
        for (var i = 0; i < queries.Count; i++)
        {
            if (words[i].Count < LeastWords)
                continue;
            var rarest = words[i].OrderBy(word => frequency[word]).ThenBy(word => word, StringComparer.Ordinal)
                .Take(words[i].Count - (int)Math.Ceiling(Overlap * words[i].Count) + 1).ToList();
            var candidates = rarest.SelectMany(word => byWord.GetValueOrDefault(word) ?? []).Distinct();
            pairs.AddRange(candidates.Where(j => IsNear(words[i], words[j]) && QueryText.Normalised(queries[i].Text) != QueryText.Normalised(queries[j].Text)).Select(j => (queries[j], queries[i])));
            foreach (var word in rarest)
            {
                if (!byWord.TryGetValue(word, out var with))
                    byWord.Add(word, with = []);
                with.Add(i);
            }
        }

        return pairs;
    }

    private static bool IsNear(IReadOnlySet<string> one, IReadOnlySet<string> other)
    {
        var common = one.Count(other.Contains);
        return common >= Overlap * (one.Count + other.Count - common);
    }
}
