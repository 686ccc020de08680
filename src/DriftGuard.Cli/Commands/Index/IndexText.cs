using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Indexes;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Index;

/// <summary>An index for people.</summary>
internal static class IndexText
{
    public static void Write(IAnsiConsole console, IndexView view)
    {
        var table = Tables.Create(console, "property", "value");
        table.AddTextRow("index", view.Name);
        table.AddTextRow("collection", view.Collection ?? "-");
        table.AddTextRow("model", view.Model ?? "not known");
        table.AddTextRow("fingerprint", view.Fingerprint ?? "not known");
        table.AddTextRow("epoch", view.Epoch?.ToString(CultureInfo.InvariantCulture) ?? "-");
        table.AddTextRow("points", view.Points?.ToString("N0", CultureInfo.InvariantCulture) ?? "-");
        table.AddTextRow("status", view.Status ?? "-");
        table.AddTextRow("text", view.Template ?? view.TextField);
        table.AddTextRow("source", view.Source);
        table.AddTextRow("vector", view.Vector.Length == 0 ? "the unnamed one" : view.Vector);
        table.AddTextRow("calibration set", view.CalibrationSet ?? "none");
        console.Write(table);
        foreach (var text in view.NotLoaded)
        {
            console.Say($"[red]not embedded[/] {text.PointId}: {text.Reason} (tried {text.Attempts} time(s))");
        }
    }
}
