using DriftGuard.Core.Calibration.Linting.Rules;

namespace DriftGuard.Core.Calibration.Linting;

/// <summary>The ordered list of what a calibration set is looked through for.</summary>
public static class CalibrationLint
{
    private static readonly Func<LintSubject, IEnumerable<LintFinding>>[] Rules =
    [
        EnoughQueries.Look,
        LeftOut.Look,
        StaleIds.Look,
        DuplicateQueries.Look,
        NearDuplicateQueries.Look,
        DuplicateDocuments.Look,
        Leaks.Look,
        UnjudgedResults.Look,
        UnevenHoles.Look,
        WeakLabelsRule.Look,
        Grades.Look,
        DominantGroups.Look,
        SliceSizes.Look,
        SliceFields.Look,
    ];

    /// <summary>All findings, in the order of the rules.</summary>
    public static IReadOnlyList<LintFinding> Look(LintSubject subject) => [.. Rules.SelectMany(rule => rule(subject))];
}
