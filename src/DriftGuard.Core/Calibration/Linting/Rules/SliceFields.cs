using System.Globalization;
using DriftGuard.Core.Calibration.Building;
using DriftGuard.Core.Statistics.Slices;

namespace DriftGuard.Core.Calibration.Linting.Rules;

/// <summary>Fields that look like slices and are not declared; languages that no field tells apart.</summary>
internal static class SliceFields
{
    private static readonly string[] LanguageNames = [LanguageField.Name, "language", "locale"];
    private static readonly string[] OtherNames = ["domain", "topic", "category", "product", "source", "type", "intent", "market", "country", "channel", "label"];

    /// <summary>A field that few queries have makes no slices.</summary>
    private const double LeastCoverage = .5;

    public static IEnumerable<LintFinding> Look(LintSubject subject)
    {
        var set = subject.Set;
        foreach (var name in LanguageNames.Concat(OtherNames).Where(name => set.Header.Slices.All(slice => slice.Field != name)))
        {
            var values = set.Queries.Select(query => query.Fields.GetValueOrDefault(name)).Where(value => value is not null).CountBy(value => value!, StringComparer.Ordinal).ToList();
            if (values.Count < 2 || values.Count > SlicesRule.MaximumTested || values.Sum(value => value.Value) < LeastCoverage * set.Queries.Count)
                continue;
            var isLanguage = LanguageNames.Contains(name, StringComparer.Ordinal);
            yield return new(
                "slice_fields", isLanguage ? LintSeverity.Warning : LintSeverity.Note,
                string.Create(CultureInfo.InvariantCulture, $"queries have '{name}' with {values.Count} values and it is no slice: a model may lose one of them while the mean holds"),
                $"add '{name}' to slices in set.yaml")
            {
                Examples = [.. values.OrderByDescending(value => value.Value).Take(LintFinding.Named).Select(value => string.Create(CultureInfo.InvariantCulture, $"{name}={value.Key}: {value.Value}"))],
                Figures = new Dictionary<string, double>(StringComparer.Ordinal) { ["values"] = values.Count },
            };
        }

        if (subject.Languages.Count > 1 && !set.Queries.Any(query => LanguageNames.Any(query.Fields.ContainsKey)))
        {
            yield return new(
                "slice_fields", LintSeverity.Warning,
                $"the queries seem to be in {subject.Languages.Count} languages and no field says which: a model may lose one of them while the mean holds",
                $"add a field '{LanguageField.Name}' to queries.jsonl and to slices in set.yaml; 'calibration init --languages' does")
            {
                Examples = [.. subject.Languages.Take(LintFinding.Named).Select(language => string.Create(CultureInfo.InvariantCulture, $"{language.Key}: {language.Value}"))],
                Figures = new Dictionary<string, double>(StringComparer.Ordinal) { ["languages"] = subject.Languages.Count },
            };
        }
    }
}
