using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Shadow;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary><c>rollout shadow</c>: how live queries were answered by both collections of a rollout.</summary>
internal sealed class RolloutShadowCommand : DriftGuardCommand
{
    private readonly Argument<string> _which = new("rollout") { Description = "The rollout, or an index for its latest" };
    private readonly Option<int?> _limit = NumberOption.Create("--limit", $"Queries to show, or to export, of those whose answers differ most; {ShadowReport.DifferencesUnlessSaid} unless set, all for --export", 0, ShadowReport.MostDifferences);
    private readonly Option<string?> _export = new("--export") { Description = "Write what both sides found for them as a sheet to be judged, .csv or .tsv", HelpName = "FILE" };
    private readonly Option<bool> _force = new("--force") { Description = "Replace a sheet that is there" };

    public RolloutShadowCommand()
        : base(
            "shadow", "Show how live queries were answered by both collections of a rollout, and which answers differ most",
            "driftguard rollout shadow docs", "driftguard rollout shadow docs-r3 --limit 5", "driftguard rollout shadow docs --export judge.csv", "driftguard rollout shadow docs --output json")
    {
        Arguments.Add(_which);
        Options.Add(_limit);
        Options.Add(_export);
        Options.Add(_force);
    }

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var (which, limit) = (arguments.GetRequiredValue(_which), arguments.GetValue(_limit));
        if (arguments.GetValue(_export) is { } file)
        {
            return await ExportAsync(context, which, file, arguments.GetValue(_force), limit ?? ShadowReport.MostDifferences);
        }

        var shown = limit ?? ShadowReport.DifferencesUnlessSaid;
        var report = await EngineSession.AskAsync(
            context, "rollout shadow",
            async engine => await engine.Shadow.ReadAsync(await engine.Rollouts.FindAsync(which, context.CancellationToken), shown, context.CancellationToken),
            server => server.GetAsync<ShadowReport>($"rollouts/{which}/shadow", context.CancellationToken, ShadowReport.Json, ("limit", shown)));
        context.Report(report, ShadowView.Write, ShadowReport.IndentedJson);
        return ExitCode.Success;
    }

    private static Task<ExitCode> ExportAsync(CommandContext context, string which, string file, bool force, int limit)
    {
        if (context.Server is not null)
        {
            throw new CommandException(ExitCode.Usage, "--export reads documents from the collections: run it where DriftGuard runs, without --server");
        }

        return EngineSession.RunAsync(context, "rollout shadow", async engine =>
        {
            var rollout = await engine.Rollouts.FindAsync(which, context.CancellationToken);
            var exported = await engine.Shadow.ExportAsync(rollout, file, force, limit, context.CancellationToken);
            context.Report(exported, (console, result) =>
            {
                console.Say($"[green]written[/] {result.File}: {result.Rows} results of {result.Queries} queries to be judged (seed {result.Seed})");
                if (result.WithoutText > 0)
                {
                    console.Say($"{result.WithoutText} more queries have no text on record and cannot be judged; gateway.shadow.keepText keeps those that come from now on");
                }

                console.Say($"fill in the grades, then: driftguard calibration add {rollout.CalibrationSet} --queries {result.File}");
            });
            return ExitCode.Success;
        });
    }
}
