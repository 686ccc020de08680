using System.Globalization;

namespace DriftGuard.Core.Calibration;

/// <summary>How bad a problem is.</summary>
public enum CalibrationProblemSeverity
{
    /// <summary>The set is used without what the problem names.</summary>
    Warning,

    /// <summary>The set is refused.</summary>
    Error,
}

/// <summary>Something wrong in a file of a calibration set.</summary>
/// <param name="Severity">Whether the set is refused.</param>
/// <param name="File">The file, by its name in the set's folder.</param>
/// <param name="Line">The line, from 1; null where no line is to blame.</param>
/// <param name="Message">What was expected, what was found and what to do.</param>
public sealed record CalibrationProblem(CalibrationProblemSeverity Severity, string File, int? Line, string Message)
{
    /// <summary><c>file:line: message</c>, the form editors jump to.</summary>
    public override string ToString() => Line is { } line
        ? string.Create(CultureInfo.InvariantCulture, $"{File}:{line}: {Message}")
        : $"{File}: {Message}";
}
