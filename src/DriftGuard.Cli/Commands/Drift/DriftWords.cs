using DriftGuard.Cli.Shell;
using DriftGuard.Core.Drift;
using DriftGuard.Worker.Drift;

namespace DriftGuard.Cli.Commands.Drift;

/// <summary>Verdicts and figures of drift reports as commands write them. A verdict is a word; its colour only repeats it.</summary>
internal static class DriftWords
{
    /// <summary>What each verdict ends a command with.</summary>
    public static IReadOnlyList<(ExitCode Code, string Meaning)> ExitCodes { get; } =
    [
        (ExitCode.Success, "nothing found"),
        (ExitCode.NotFound, "no such index"),
        (ExitCode.Refused, "drift suspected or confirmed"),
        (ExitCode.Unavailable, "a detector could not look: something that it needs cannot be used"),
        (ExitCode.Inconclusive, "not enough data to say"),
    ];

    public static ExitCode CodeOf(DriftVerdict verdict) => verdict switch
    {
        DriftVerdict.None => ExitCode.Success,
        DriftVerdict.InsufficientData => ExitCode.Inconclusive,
        DriftVerdict.Failed => ExitCode.Unavailable,
        _ => ExitCode.Refused,
    };

    /// <summary>A verdict's word in its colour, as markup.</summary>
    public static string Coloured(string verdict) => verdict switch
    {
        "none" => "[green]none[/]",
        "suspected" => "[yellow]suspected[/]",
        "insufficient_data" => "[yellow]insufficient_data[/]",
        "confirmed" or "failed" => $"[red]{verdict}[/]",
        _ => Spectre.Console.Markup.Escape(verdict),
    };

    public static string Coloured(DriftVerdict verdict) => Coloured(DriftJson.Word(verdict));
}
