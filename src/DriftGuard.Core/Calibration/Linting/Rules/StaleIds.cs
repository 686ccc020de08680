using System.Globalization;
using DriftGuard.Core.Text;

namespace DriftGuard.Core.Calibration.Linting.Rules;

/// <summary>Relevant documents that the index does not hold any more.</summary>
internal static class StaleIds
{
    public static IEnumerable<LintFinding> Look(LintSubject subject)
    {
        if (subject.Stale is not { Missing: > 0 } stale)
            yield break;
        var all = stale.Missing == stale.Relevant;
        yield return new(
            "stale_ids", all ? LintSeverity.Error : LintSeverity.Warning,
            all
                ? $"none of the {stale.Relevant} relevant documents is in the index: the set belongs to another corpus, or its ids to another field (id_field is {subject.Set.Header.IdField ?? "not set"})"
                : string.Create(CultureInfo.InvariantCulture, $"{stale.Missing} of {stale.Relevant} relevant documents ({PercentText.Format(stale.Missing / (double)stale.Relevant)}) are not in the index; {stale.QueriesAffected} queries miss some, {stale.QueriesWithoutAny} have none left and score 0"),
            all ? "set id_field in set.yaml to the payload field that holds the ids of qrels.tsv, or take the set of this corpus" : "label what took their place, or take these judgements out")
        {
            Examples = [.. stale.MissingIds.Take(LintFinding.Named)],
            Figures = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["relevant"] = stale.Relevant,
                ["missing"] = stale.Missing,
                ["queries_affected"] = stale.QueriesAffected,
                ["queries_without_any"] = stale.QueriesWithoutAny,
            },
        };
    }
}
