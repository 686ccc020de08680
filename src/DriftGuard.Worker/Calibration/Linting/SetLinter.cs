using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Building;
using DriftGuard.Core.Calibration.Linting;
using DriftGuard.Core.Calibration.Power;
using DriftGuard.Worker.Drift.Queries;

namespace DriftGuard.Worker.Calibration.Linting;

/// <summary>Looks through a set by itself, without an index or a model.</summary>
public static class SetLinter
{
    /// <summary>Queries whose language is guessed, spread over the set.</summary>
    private const int MostGuessed = 1000;

    /// <summary>The differences that are asked about unless others are named: the margins that the gate chooses from.</summary>
    public static IReadOnlyList<double> DefaultDifferences { get; } = [.02, .03, .05];

    /// <summary>Looks through a set; what it can tell rests on typical figures.</summary>
    public static LintReport Look(CalibrationSet set, IReadOnlyList<double>? differences = null) =>
        LintReport.Of(Subject(set), SetPower.Of(set, SpreadSource.Typical, TypicalSpread.From, TypicalSpread.Spreads, differences ?? DefaultDifferences));

    /// <summary>What a set itself brings for the rules.</summary>
    internal static LintSubject Subject(CalibrationSet set) => new()
    {
        Set = set,
        Documents = set.Corpus?.ToDictionary(document => document.Id, document => document.Text, StringComparer.Ordinal),
        Languages = set.Queries.Any(query => query.Fields.ContainsKey(LanguageField.Name)) ? [] : Languages(set),
    };

    private static IReadOnlyList<KeyValuePair<string, int>> Languages(CalibrationSet set)
    {
        var step = Math.Max(1, set.Queries.Count / MostGuessed);
        return LanguageField.Common([.. set.Queries.Where((query, i) => i % step == 0 && query.Text.Length >= LanguageField.LongEnough).Select(query => QueryLanguages.Of(query.Text))]);
    }
}
