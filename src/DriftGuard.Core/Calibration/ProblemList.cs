namespace DriftGuard.Core.Calibration;

/// <summary>Collects problems while a set is read, so that one run shows all of them.</summary>
internal sealed class ProblemList
{
    private readonly List<CalibrationProblem> problems = [];

    public IReadOnlyList<CalibrationProblem> All => problems;

    public bool HasErrors { get; private set; }

    public void Error(string file, int? line, string message)
    {
        HasErrors = true;
        problems.Add(new CalibrationProblem(CalibrationProblemSeverity.Error, file, line, message));
    }

    public void Warning(string file, int? line, string message) =>
        problems.Add(new CalibrationProblem(CalibrationProblemSeverity.Warning, file, line, message));
}
