using DriftGuard.Core.Calibration;

namespace DriftGuard.Core.Tests.Calibration;

/// <summary>A small sound set to spoil in one place.</summary>
internal sealed record CalibrationExample
{
    public string Queries { get; init; } = """
        {"id": "q1", "text": "reset password", "lang": "en"}
        {"id": "q2", "text": "forgot password", "lang": "en", "session": "s1"}
        {"id": "q3", "text": "delete account", "lang": "de", "session": "s1"}
        """;

    public string Qrels { get; init; } = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td2\t2\nq2\td2\t1\nq2\td1\t1\nq3\td3\t1\nq3\td1\t0\n";

    public string? Corpus { get; init; } = """
        {"id": "d1", "text": "Reset your password", "topic": {"area": "login"}}
        {"id": "d2", "text": "Passwords", "views": 3}
        {"id": "d3", "text": "Delete your account"}
        """;

    public string? Pairs { get; init; }

    public CalibrationSetHeader? Header { get; init; } = new() { Name = "example" };

    public CalibrationSet Set()
    {
        var problems = Read(out var set);
        return set ?? throw new CalibrationSetException("example", problems);
    }

    public string[] Problems() => [.. Read(out _).Select(problem => $"{problem.Severity} {problem}")];

    public string[] Errors()
    {
        var problems = Read(out var set);
        set.ShouldBeNull();
        return [.. problems.Where(problem => problem.Severity == CalibrationProblemSeverity.Error).Select(problem => problem.ToString())];
    }

    private IReadOnlyList<CalibrationProblem> Read(out CalibrationSet? set) =>
        CalibrationSetParser.Parse(Header, new CalibrationSetText(Queries, Qrels, Corpus, Pairs), out set);
}
