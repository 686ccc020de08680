using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Evaluation;

namespace DriftGuard.Cli.Commands.Evaluation;

/// <summary><c>evaluation show</c>: an evaluation that was kept, on the terminal, as a page or as JSON.</summary>
internal sealed class EvaluationShowCommand : DriftGuardCommand
{
    private readonly Argument<string> _which = new("evaluation") { Description = "An evaluation's id, or an index or a rollout for its newest" };
    private readonly Option<int?> _queries = EvaluationView.QueriesOption();
    private readonly ReportFiles _files = new();

    public EvaluationShowCommand()
        : base(
            "show", "Show an evaluation: metrics, gate, slices, whose a loss is, and the queries that changed most",
            "driftguard evaluation show docs", "driftguard evaluation show docs-r1 --html report.html", "driftguard evaluation show docs --queries 10")
    {
        Arguments.Add(_which);
        Options.Add(_queries);
        _files.AddTo(this);
    }

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var which = arguments.GetRequiredValue(_which);
        var report = await EngineSession.AskAsync(
            context, "evaluation show", engine => engine.Evaluations.GetAsync(which, context.CancellationToken),
            server => server.GetAsync<EvaluationReport>($"evaluations/{which}", context.CancellationToken, EvaluationJson.Options));
        await EvaluationView.ShowAsync(context, arguments, report, arguments.GetValue(_queries), _files);
        return ExitCode.Success;
    }
}
