using System.Globalization;
using System.Text.Json;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Retrieval.Bridges;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Reports;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Bridge;

/// <summary>A bridge for people: what it finds, whether it serves, and what to do next.</summary>
internal static class BridgeView
{
    public static void Write(IAnsiConsole console, BridgeState state)
    {
        var report = state.Report;
        var table = Tables.Create(console, "bridge", report.Id);
        table.AddTextRow("index", report.Index);
        table.AddTextRow("leads", $"queries of {report.Model} ({report.From} dimensions) into {report.Collection} of {report.OldModel} ({report.To})");
        table.AddTextRow("fitted", string.Create(CultureInfo.InvariantCulture, $"{ReportText.Time(report.At)} on {report.Pairs:N0} documents, seed {report.Seed}"));
        table.AddTextRow("status", StatusOf(state));
        console.Write(table);

        var figures = Tables.Create(console, report.Metric, ">mean", "queries");
        figures.AddTextRow($"{report.OldModel}, as it was", ReportText.Figure(report.OldMean), "all");
        if (report.UnmappedMean is { } unmapped)
        {
            figures.AddTextRow($"{report.Model} without a bridge", ReportText.Figure(unmapped), "all");
        }

        figures.AddTextRow($"{report.Model} over the bridge", ReportText.Figure(report.BridgeMean), "all");
        foreach (var candidate in report.Candidates)
        {
            figures.AddTextRow(
                $"{JsonNamingPolicy.SnakeCaseLower.ConvertName(candidate.Kind.ToString())}{(candidate.Kind == report.Kind ? ", chosen" : "")}", ReportText.Figure(candidate.Mean),
                string.Create(CultureInfo.InvariantCulture, $"{report.Choosing:N0} that choose"));
        }

        console.Write(figures);
        console.Say($"{report.Decision.Sentence}");
        foreach (var note in report.Notes)
        {
            console.Say($"[yellow]note[/] {note}");
        }

        WriteNext(console, state);
    }

    private static string StatusOf(BridgeState state) => state switch
    {
        { InUse: true } => $"in use until {ReportText.Time(state.Report.Until)}, or until a rollout has cut over",
        { EndedAt: { } ended } => $"ended {ReportText.Time(ended)}",
        _ => state.Report.Verdict == BridgeVerdict.Refused ? "refused, not used" : "not used",
    };

    private static void WriteNext(IAnsiConsole console, BridgeState state)
    {
        var report = state.Report;
        if (state.InUse)
        {
            console.Say($"[green]serves[/] searches of {report.Index} go over it, and each answer says so; texts cannot be written meanwhile. It is temporary: it ends by itself, and no later than {ReportText.Time(report.Until)}");
            console.Say($"next: driftguard rollout start {report.Index} --to {report.Model}");
        }
        else if (state.EndedAt is null)
        {
            console.Say($"[red]not used[/] {(report.Verdict == BridgeVerdict.Refused ? "it loses more than " : "too little is known to say that it loses less than ")}{BridgeRule.Margin.ToString("0.00", CultureInfo.InvariantCulture)} of {report.Metric}");
            console.Say($"next: try another model with --model, or start the rollout at once: driftguard rollout start {report.Index} --to {report.Model}");
        }
    }
}
