namespace DriftGuard.Core.Calibration.Linting;

/// <summary>How much a finding matters.</summary>
public enum LintSeverity
{
    /// <summary>Good to know.</summary>
    Note,

    /// <summary>Results on this set are less sure, or less fair, than they look.</summary>
    Warning,

    /// <summary>Results on this set are wrong.</summary>
    Error,
}

/// <summary>Something found in a calibration set.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">What was found.</param>
/// <param name="Advice">What to do.</param>
public sealed record LintFinding(string Rule, LintSeverity Severity, string Message, string Advice)
{
    /// <summary>Examples that are named.</summary>
    internal const int Named = 5;

    /// <summary>The figures by name.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>The first of what was found, by their ids.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];
}
