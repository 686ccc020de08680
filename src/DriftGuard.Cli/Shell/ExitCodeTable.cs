namespace DriftGuard.Cli.Shell;

/// <summary>The exit codes in words, for <c>driftguard --help</c> and for errors in JSON.</summary>
internal static class ExitCodeTable
{
    public static IReadOnlyList<(ExitCode Code, string Name, string Meaning)> Rows { get; } =
    [
        (ExitCode.Success, "success", "done"),
        (ExitCode.UnexpectedError, "unexpected_error", "unexpected error; --verbose shows where"),
        (ExitCode.Usage, "usage", "wrong command line, configuration or input file"),
        (ExitCode.NotFound, "not_found", "no such index, model, rollout or calibration set"),
        (ExitCode.Refused, "refused", "refused by the gate or by a check"),
        (ExitCode.Unavailable, "unavailable", "Qdrant, an embedding API, a hub or the data folder cannot be used"),
        (ExitCode.Conflict, "conflict", "another process, rollout or name is in the way"),
        (ExitCode.Inconclusive, "inconclusive", "no verdict yet: too little data, or an approval is missing"),
        (ExitCode.Cancelled, "cancelled", "stopped by Ctrl-C or a signal"),
    ];

    public static string Name(ExitCode code) => Rows.Single(row => row.Code == code).Name;
}
