using System.Globalization;
using DriftGuard.Core.Text;

namespace DriftGuard.Core.Calibration.Linting.Rules;

/// <summary>
/// Queries whose text stands in their relevant document as it is. Any model finds a copy of the query: such queries cannot tell a good one
/// from a bad one, and make every difference look smaller.
/// </summary>
internal static class Leaks
{
    /// <summary>A shorter text may stand in a document by chance.</summary>
    private const int LeastCharacters = 30;

    public static IEnumerable<LintFinding> Look(LintSubject subject)
    {
        if (subject.Documents is not { } documents)
            yield break;
        var (normalised, equal, contained) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<string>(), new List<string>());
        foreach (var query in subject.Set.Queries)
        {
            var text = QueryText.Normalised(query.Text);
            var relevant = subject.Set.Qrels.RelevantTo(query.Id).Where(documents.ContainsKey).ToList();
            if (relevant.Find(id => TextOf(id) == text) is { } copy)
                equal.Add($"{query.Id} = {copy}: {query.Text}");
            else if (text.Length >= LeastCharacters && relevant.Find(id => TextOf(id).Contains(text, StringComparison.Ordinal)) is { } whole)
                contained.Add($"{query.Id} in {whole}: {query.Text}");
        }

        if (equal.Count > 0)
            yield return Finding(equal, LintSeverity.Warning, "are the text of a relevant document, word for word: any model finds a copy, so they tell nothing", "ask as users do, or take them out");
        if (contained.Count > 0)
            yield return Finding(contained, LintSeverity.Note, "stand whole in a relevant document: they are easier than users' questions", "make sure that they were asked, not copied out of the documents");

        string TextOf(string id) => normalised.TryGetValue(id, out var text) ? text : normalised[id] = QueryText.Normalised(documents[id]);

        LintFinding Finding(List<string> found, LintSeverity severity, string what, string advice) => new(
            "leaks", severity, string.Create(CultureInfo.InvariantCulture, $"{found.Count} queries ({PercentText.Format(found.Count / (double)subject.Set.Queries.Count)}) {what}"), advice)
        {
            Examples = [.. found.Take(LintFinding.Named)],
            Figures = new Dictionary<string, double>(StringComparer.Ordinal) { ["queries"] = found.Count, ["share"] = found.Count / (double)subject.Set.Queries.Count },
        };
    }
}
