namespace DriftGuard.Core.Calibration.Linting.Rules;

/// <summary>What reading the set warned of: queries that are left out because nothing is relevant to them, repeated lines, documents without text.</summary>
internal static class LeftOut
{
    // What set.yaml declares is no fault of a line, and has a rule of its own.
    public static IEnumerable<LintFinding> Look(LintSubject subject) => subject.Set.Warnings
        .Where(warning => warning.File != CalibrationSetFiles.Header)
        .Select(warning => new LintFinding("left_out", LintSeverity.Warning, warning.ToString(), "label a relevant document, or take the line out"));
}
