using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Drift;
using DriftGuard.Worker.Drift;
using DriftGuard.Worker.Drift.Reports;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Drift;

/// <summary>Everything that the detectors of a report saw, table by table.</summary>
internal static class DriftFindingsView
{
    public static void Write(IAnsiConsole console, DriftReport report)
    {
        foreach (var result in report.Detectors)
        {
            console.WriteLine();
            console.Say($"[bold]{DriftJson.Word(result.Detector)}[/]: {result.Sentence}");
            console.Say($"[grey]reason {result.Reason}; compared with {result.ComparedWith ?? "nothing"}; seed {result.Seed?.ToString(CultureInfo.InvariantCulture) ?? "none"}[/]");
            foreach (var section in FindingTables.Of(result))
            {
                console.WriteReport(section);
            }
        }
    }
}
