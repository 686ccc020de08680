using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Drift.Doctor.Installation;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Doctor;

/// <summary>An installation as <c>doctor</c> shows it: a line for each thing, with what to do.</summary>
internal static class InstallationView
{
    public static void Write(IAnsiConsole console, InstallationReport report)
    {
        foreach (var check in report.Checks)
        {
            console.Say(check.Outcome switch
            {
                CheckOutcome.Ok => $"[green]ok[/]    {check.Subject}: {check.Finding}",
                CheckOutcome.Warn => (FormattableString)$"[yellow]warn[/]  {check.Subject}: {check.Finding}",
                _ => $"[red]fail[/]  {check.Subject}: {check.Finding}",
            });
            if (check.WhatToDo is { } action)
            {
                console.Say($"      to do: {action}");
            }
        }
    }
}
