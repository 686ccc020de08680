using System.CommandLine;
using System.Globalization;
using DriftGuard.Cli.Shell;

namespace DriftGuard.Cli.Commands.Evaluate;

/// <summary><c>evaluate</c>: scores a calibration set against the collection that serves an index.</summary>
internal sealed class EvaluateCommand : DriftGuardCommand
{
    private readonly Argument<string> _index = new("index") { Description = "The index" };
    private readonly Option<string?> _set = new("--calibration-set") { Description = "A calibration set, by name or folder; the index' own unless set" };

    public EvaluateCommand()
        : base("evaluate", "Score a calibration set against an index, as users search and exactly", "driftguard evaluate docs --calibration-set xquad-en")
    {
        Arguments.Add(_index);
        Options.Add(_set);
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) =>
        EngineSession.RunAsync(context, "evaluate", async engine =>
        {
            var report = await engine.Evaluations.ScoreAsync(arguments.GetRequiredValue(_index), arguments.GetValue(_set), context.CancellationToken);
            context.Report(report, (console, evaluated) =>
            {
                var table = Tables.Create(console, "metric", ">as users search", ">exact");
                for (var i = 0; i < evaluated.Metrics.Count; i++)
                {
                    table.AddTextRow(
                        evaluated.Metrics[i], evaluated.Old.Means[i].ToString("0.0000", CultureInfo.InvariantCulture), evaluated.Old.ExactMeans[i].ToString("0.0000", CultureInfo.InvariantCulture));
                }

                console.Write(table);
                if (evaluated.Labels is { Missing: > 0 } labels)
                {
                    console.Say($"[yellow]{labels.Missing} of {labels.Relevant} relevant documents are not in the index ({string.Join(", ", labels.MissingIds)}); {labels.QueriesWithoutAny} queries have none left and score 0[/]");
                }

                console.Say($"[grey]{evaluated.Queries.Count} queries of {evaluated.CalibrationSet} against {evaluated.Old.Collection} ({evaluated.Old.Model}), p95 {evaluated.Old.P95Milliseconds:0.00} ms; evaluation {evaluated.Id}[/]");
            });
            return ExitCode.Success;
        });
}
