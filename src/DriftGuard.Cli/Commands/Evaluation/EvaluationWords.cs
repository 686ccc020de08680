using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Evaluation.Reports;

namespace DriftGuard.Cli.Commands.Evaluation;

/// <summary>What the verdict of a comparison ends a command with.</summary>
internal static class EvaluationWords
{
    public static IReadOnlyList<(ExitCode Code, string Meaning)> ExitCodes { get; } =
    [
        (ExitCode.Success, "better, matches, or no change"),
        (ExitCode.Usage, "what is compared makes no sense, or a name means two things"),
        (ExitCode.NotFound, "no such calibration set, index, collection or model"),
        (ExitCode.Refused, "worse"),
        (ExitCode.Inconclusive, "the labelled queries do not settle it"),
    ];

    public static ExitCode CodeOf(EvaluationReport report) => EvaluationNames.Verdict(report) switch
    {
        "worse" => ExitCode.Refused,
        "inconclusive" => ExitCode.Inconclusive,
        _ => ExitCode.Success,
    };
}
