namespace DriftGuard.Core.Calibration.Linting.Rules;

/// <summary>Labels that were concluded from behaviour.</summary>
internal static class WeakLabelsRule
{
    public static IEnumerable<LintFinding> Look(LintSubject subject) => subject.Set.Header.Labels == CalibrationLabels.Weak
        ? [new("weak_labels", LintSeverity.Warning, WeakLabels.Favour, WeakLabels.Advice)]
        : [];
}
