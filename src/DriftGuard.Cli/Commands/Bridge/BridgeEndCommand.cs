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

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) =>
        EngineSession.RunAsync(context, "bridge end", async engine =>
        {
            var ended = await engine.Bridges.EndAsync(arguments.GetRequiredValue(_index), context.CancellationToken);
            context.Report(
                new BridgeState(ended, false, context.Time.GetUtcNow()),
                (console, bridge) => console.Say($"[green]ended[/] {bridge.Report.Id}: index {bridge.Report.Index} is searched by {bridge.Report.OldModel} alone again"),
                EvaluationJson.Indented);
            return ExitCode.Success;
        });
}
