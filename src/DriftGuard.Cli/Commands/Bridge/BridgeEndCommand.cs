using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Evaluation;

namespace DriftGuard.Cli.Commands.Bridge;

/// <summary><c>bridge end</c>: queries do not go over it any more.</summary>
internal sealed class BridgeEndCommand : DriftGuardCommand
{
    private readonly Argument<string> _index = new("index") { Description = "The index" };

    public BridgeEndCommand()
        : base("end", "End the bridge of an index at once: queries need its own model again, or are refused where that is gone", "driftguard bridge end docs") => Arguments.Add(_index);

    public override IReadOnlyList<(ExitCode Code, string Meaning)> ExitCodes => [(ExitCode.Success, "ended; every gateway knows within a second"), (ExitCode.NotFound, "no such index, or no bridge is in use")];

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var index = arguments.GetRequiredValue(_index);
        var ended = await EngineSession.AskAsync(
            context, "bridge end",
            async engine => new BridgeState(await engine.Bridges.EndAsync(index, context.CancellationToken), false, context.Time.GetUtcNow()),
            server => server.DeleteAsync<BridgeState>($"indexes/{index}/bridges/current", context.CancellationToken, EvaluationJson.Options));
        context.Report(
            ended, (console, bridge) => console.Say($"[green]ended[/] {bridge.Report.Id}: index {bridge.Report.Index} is searched by {bridge.Report.OldModel} alone again"),
            EvaluationJson.Indented);
        return ExitCode.Success;
    }
}
