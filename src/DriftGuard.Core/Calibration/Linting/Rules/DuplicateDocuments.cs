using System.Globalization;
using DriftGuard.Core.Points;

namespace DriftGuard.Core.Calibration.Linting.Rules;

/// <summary>
/// Documents with one text under several ids, of which only some are judged relevant. Which of them a search puts first is chance, and
/// the others count as misses.
/// </summary>
internal static class DuplicateDocuments
{
    public static IEnumerable<LintFinding> Look(LintSubject subject)
    {
        if (subject.Documents is null)
            yield break;
        var twins = subject.Documents.Where(document => !string.IsNullOrWhiteSpace(document.Value))
            .GroupBy(document => ContentHash.Of(document.Value), document => document.Key, StringComparer.Ordinal)
            .Select(ids => ids.ToArray()).Where(ids => ids.Length > 1)
            .SelectMany(ids => ids.Select(id => (Id: id, All: ids)))
            .ToDictionary(entry => entry.Id, entry => entry.All, StringComparer.Ordinal);
        if (twins.Count == 0)
            yield break;
        var missed = new List<(string Query, string Relevant, string Twin)>();
        foreach (var query in subject.Set.Queries)
        {
            var judged = subject.Set.Qrels[query.Id];
            missed.AddRange(subject.Set.Qrels.RelevantTo(query.Id).Where(twins.ContainsKey)
                .SelectMany(id => twins[id].Where(twin => !judged.TryGetValue(twin, out var grade) || grade < 1).Select(twin => (query.Id, id, twin))));
        }

        var queries = missed.Select(miss => miss.Query).Distinct(StringComparer.Ordinal).Count();
        yield return new(
            "duplicate_documents", queries > 0 ? LintSeverity.Warning : LintSeverity.Note,
            queries > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{queries} queries call a document relevant and not its twins with the very same text: finding a twin counts as a miss")
                : string.Create(CultureInfo.InvariantCulture, $"{twins.Count} documents share their text with another one; no judgement tells them apart"),
            queries > 0 ? "judge the twins alike, or keep one of each in the corpus" : "keep one of each in the corpus, unless they are meant to be there twice")
        {
            Examples = queries > 0
                ? [.. missed.Take(LintFinding.Named).Select(miss => $"{miss.Query}: {miss.Relevant} = {miss.Twin}")]
                : [.. twins.Values.DistinctBy(ids => ids[0], StringComparer.Ordinal).Take(LintFinding.Named).Select(ids => string.Join(" = ", ids.Take(3)))],
            Figures = new Dictionary<string, double>(StringComparer.Ordinal) { ["documents"] = twins.Count, ["queries"] = queries, ["unjudged_twins"] = missed.Count },
        };
    }
}
