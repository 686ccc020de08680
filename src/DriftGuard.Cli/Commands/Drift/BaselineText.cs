using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Drift.Baselines;
using DriftGuard.Worker.Reports;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Drift;

/// <summary>A baseline for people.</summary>
internal static class BaselineText
{
    public static void Write(IAnsiConsole console, BaselineView view)
    {
        var table = Tables.Create(console, "baseline", view.Id);
        table.AddTextRow("index", view.Index);
        table.AddTextRow("collection", string.Create(CultureInfo.InvariantCulture, $"{view.Collection}, {view.Points:N0} points, {view.Schema.Dimensions} dimensions, {view.Schema.Distance}"));
        table.AddTextRow("fingerprint", view.Fingerprint);
        table.AddTextRow("retrieval", view.CalibrationSet is null
            ? "none"
            : string.Create(CultureInfo.InvariantCulture, $"{view.CalibrationQueries:N0} queries of {view.CalibrationSet}: {string.Join(", ", view.Means.Select(mean => $"{mean.Key} {mean.Value:0.0000}"))}"));
        table.AddTextRow("queries", view.QuerySource is null
            ? "none"
            : string.Create(CultureInfo.InvariantCulture, $"{view.Queries:N0}, {(view.QuerySource == "observed" ? "as they were asked" : "of the calibration set, since too few were observed")}; median best score {ReportText.Figure(view.MedianBestScore)}"));
        table.AddTextRow("documents", view.Documents == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{view.Documents:N0} vectors"));
        console.Write(table);
        foreach (var missing in view.Missing)
        {
            console.Say($"[yellow]missing[/] {missing}");
        }
    }
}
