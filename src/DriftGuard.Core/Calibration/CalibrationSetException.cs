using System.Text;

namespace DriftGuard.Core.Calibration;

/// <summary>A calibration set that cannot be used, with everything that is wrong with it.</summary>
public sealed class CalibrationSetException : Exception
{
    private const int Shown = 50;

    /// <param name="location">The folder of the set.</param>
    /// <param name="problems">All problems found, warnings among them.</param>
    public CalibrationSetException(string location, IReadOnlyList<CalibrationProblem> problems)
        : base(Describe(location, problems)) => Problems = problems;

    /// <summary>All problems, in the order of files and lines; the message shows the first fifty errors.</summary>
    public IReadOnlyList<CalibrationProblem> Problems { get; }

    private static string Describe(string location, IReadOnlyList<CalibrationProblem> problems)
    {
        var errors = problems.Where(problem => problem.Severity == CalibrationProblemSeverity.Error).ToArray();
        var message = new StringBuilder($"The calibration set in '{location}' has {errors.Length} {(errors.Length == 1 ? "error" : "errors")}:");
        foreach (var error in errors.Take(Shown))
            message.Append('\n').Append("  ").Append(error);
        if (errors.Length > Shown)
            message.Append('\n').Append("  and ").Append(errors.Length - Shown).Append(" more");
        return message.ToString();
    }
}
