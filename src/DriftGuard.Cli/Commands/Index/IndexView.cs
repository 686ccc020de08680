using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Indexes;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Indexes;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Index;

/// <summary>An index as commands show it.</summary>
internal sealed record IndexView(
    string Name, string? Collection, string? Model, string? Fingerprint, long? Epoch, ulong? Points, string? Status, string TextField, string? Template, string Source, string Vector,
    string? CalibrationSet, string? Problem, IReadOnlyList<ParkedText> NotLoaded)
{
    public static IndexView Of(ServingIndex index, IReadOnlyList<ParkedText>? notLoaded = null) => new(
        index.Definition.Name, index.Collection, index.Model, index.Fingerprint, index.Token.Epoch, index.State.PointsCount, index.State.Status.ToString(),
        index.Definition.TextField, index.Definition.Template, SourceOf(index.Definition.Source), index.Definition.Vector, index.Definition.CalibrationSet, null, notLoaded ?? []);

    public static IndexView Broken(IndexDefinition definition, string problem) =>
        new(definition.Name, null, null, null, null, null, null, definition.TextField, definition.Template, SourceOf(definition.Source), definition.Vector, definition.CalibrationSet, problem, []);

    private static string SourceOf(SourceDefinition source) => source.Kind switch
    {
        SourceKind.Payload => "payload",
        SourceKind.Postgres => $"postgres table {source.Table}",
        _ => $"{source.Kind.ToString().ToLowerInvariant()} file {source.Path}",
    };

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
