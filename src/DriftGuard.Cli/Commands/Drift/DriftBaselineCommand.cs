using System.CommandLine;
using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Drift.Baselines;
using DriftGuard.Worker.Reports;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Drift;

/// <summary><c>drift baseline</c>: takes what later checks compare with, or lists what was taken.</summary>
internal sealed class DriftBaselineCommand : DriftGuardCommand
{
    private readonly Argument<string> _index = new("index") { Description = "The index" };
    private readonly Option<bool> _list = new("--list") { Description = "List the baselines that were taken, newest first, and take none" };

    public DriftBaselineCommand()
        : base(
            "baseline", "Take a baseline of an index as it is now: it is taken to be good, and later checks compare with it",
            "driftguard drift baseline docs", "driftguard drift baseline docs --list")
    {
        Arguments.Add(_index);
        Options.Add(_list);
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) =>
        EngineSession.RunAsync(context, "drift baseline", async engine =>
        {
            var index = arguments.GetRequiredValue(_index);
            if (arguments.GetValue(_list))
            {
                var baselines = await engine.Drift.BaselinesAsync(index, context.CancellationToken);
                if (baselines.Count == 0)
                {
                    await IndexNames.RequireAsync(engine, index, context.CancellationToken);
                }

                context.Report(baselines.Select(b => new { b.Id, b.Index, b.Fingerprint, b.Collection, b.Kind, b.At }).ToList(), (console, rows) =>
                {
                    if (rows.Count == 0)
                    {
                        console.Say($"no baseline of {index}; take one with: driftguard drift baseline {index}");
                        return;
                    }

                    var table = Tables.Create(console, "time", "kind", "fingerprint", "collection", "baseline");
                    foreach (var row in rows)
                    {
                        table.AddTextRow(ReportText.Time(row.At), row.Kind, row.Fingerprint[..8], row.Collection, row.Id);
                    }

                    console.Write(table);
                });
                return ExitCode.Success;
            }

            context.Report(BaselineView.Of(await engine.Drift.TakeBaselineAsync(index, context.CancellationToken)), BaselineView.Write);
            return ExitCode.Success;
        });

    /// <summary>A baseline without its vectors.</summary>
    private sealed record BaselineView(
        string Id, string Index, string Fingerprint, string Collection, string Kind, DateTimeOffset At, long Points, SchemaBaseline Schema,
        string? CalibrationSet, int CalibrationQueries, IReadOnlyDictionary<string, double> Means, string? QuerySource, int Queries, double? MedianBestScore, int Documents,
        IReadOnlyList<string> Missing)
    {
        public static BaselineView Of(DriftBaseline baseline) => new(
            baseline.Id, baseline.Index, baseline.Fingerprint, baseline.Collection, baseline.Kind, baseline.At, baseline.Points, baseline.Schema,
            baseline.Quality?.CalibrationSet, baseline.Quality?.Queries.Count ?? 0,
            baseline.Quality is { } quality
                ? quality.Metrics.Index().ToDictionary(metric => metric.Item, metric => quality.Queries.Values.Average(values => values[metric.Index]), StringComparer.Ordinal)
                : new Dictionary<string, double>(StringComparer.Ordinal),
            baseline.Queries?.Source, baseline.Queries?.Baseline.Vectors.Count ?? 0, baseline.Queries?.MedianBestScore, baseline.Documents?.Vectors.Count ?? 0, baseline.Missing);

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
}
