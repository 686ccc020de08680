using System.CommandLine;
using DriftGuard.Cli.Commands.Evaluation;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Evaluation;

namespace DriftGuard.Cli.Commands.Calibration;

/// <summary><c>calibration score</c>, and <c>evaluate</c>: scores a calibration set against the collection that serves an index.</summary>
internal sealed class CalibrationScoreCommand : DriftGuardCommand
{
    private readonly Argument<string> _index = new("index") { Description = "The index" };
    private readonly Option<string?> _set = new("--calibration-set") { Description = "A calibration set, by name or folder; the index' own unless set" };
    private readonly Option<int?> _queries = EvaluationView.QueriesOption();
    private readonly ReportFiles _files = new();

    /// <param name="name">The word on the command line.</param>
    /// <param name="path">The words of the whole command, for its examples.</param>
    public CalibrationScoreCommand(string name, string path)
        : base(
            name, "Score a calibration set against an index, as users search and exactly; the report is kept",
            $"driftguard {path} docs", $"driftguard {path} docs --calibration-set xquad-en --html report.html")
    {
        Arguments.Add(_index);
        Options.Add(_set);
        Options.Add(_queries);
        _files.AddTo(this);
    }

    public override IReadOnlyList<(ExitCode Code, string Meaning)> ExitCodes =>
    [
        (ExitCode.Success, "scored"),
        (ExitCode.NotFound, "no such index or calibration set"),
        (ExitCode.Inconclusive, "the set has no query that could be scored"),
    ];

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var (index, set) = (arguments.GetRequiredValue(_index), arguments.GetValue(_set));
        var report = await EngineSession.AskAsync(
            context, Name, engine => engine.Evaluations.ScoreAsync(index, set, context.CancellationToken),
            server => server.PostAsync<EvaluationReport>($"indexes/{index}/evaluations", new ScoreRequest(set), context.CancellationToken, EvaluationJson.Options));
        await EvaluationView.ShowAsync(context, arguments, report, arguments.GetValue(_queries), _files);
        return report.Queries.Count == 0 ? ExitCode.Inconclusive : ExitCode.Success;
    }
}
