using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Reports;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Evaluation;

/// <summary><c>evaluation list</c>: the evaluations that were kept.</summary>
internal sealed class EvaluationListCommand : DriftGuardCommand
{
    private readonly Argument<string?> _index = new("index") { Description = "The index; all unless given", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<int?> _limit = NumberOption.Create("--limit", $"How many are shown, newest first [default: {EvaluationEndpoints.UsualEvaluations}]", 1, EvaluationEndpoints.MostEvaluations);

    public EvaluationListCommand()
        : base("list", "List evaluations: preflights, gates, soaks, scores and comparisons", "driftguard evaluation list", "driftguard evaluation list docs --limit 100")
    {
        Arguments.Add(_index);
        Options.Add(_limit);
    }

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var index = arguments.GetValue(_index);
        var limit = arguments.GetValue(_limit) ?? EvaluationEndpoints.UsualEvaluations;
        var found = await EngineSession.AskAsync(
            context, "evaluation list",
            async engine =>
            {
                var kept = await engine.Evaluations.ListAsync(index, limit, context.CancellationToken);
                if (kept.Count == 0 && index is not null)
                {
                    await IndexNames.RequireAsync(engine, index, context.CancellationToken);
                }

                return kept;
            },
            server => server.GetAsync<IReadOnlyList<EvaluationEntry>>($"evaluations", context.CancellationToken, query: [("index", index), ("limit", limit)]));
        context.Report(found, Write);
        return ExitCode.Success;
    }

    private static void Write(IAnsiConsole console, IReadOnlyList<EvaluationEntry> evaluations)
    {
        if (evaluations.Count == 0)
        {
            console.Say($"no evaluations; make one with: driftguard calibration score INDEX");
            return;
        }

        var table = Tables.Create(console, "time", "index", "kind", "verdict", "rollout", "evaluation");
        foreach (var evaluation in evaluations)
        {
            table.AddRow(
                new Text(ReportText.Time(evaluation.At)), new Text(Printable.Of(evaluation.Index)), new Text(evaluation.Kind),
                new Text(evaluation.Verdict, ReportTables.StyleOf(evaluation.Verdict)), new Text(evaluation.RolloutId ?? "-"), new Text(Printable.Of(evaluation.Id)));
        }

        console.Write(table);
    }
}
