using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Evaluation;

namespace DriftGuard.Cli.Commands.Bridge;

/// <summary><c>bridge show</c>: the bridge of an index, or the one that was fitted last.</summary>
internal sealed class BridgeShowCommand : DriftGuardCommand
{
    private readonly Argument<string> _index = new("index") { Description = "The index" };

    public BridgeShowCommand()
        : base("show", "Show the bridge over which an index is searched, or the one that was fitted last", "driftguard bridge show docs") => Arguments.Add(_index);

    public override IReadOnlyList<(ExitCode Code, string Meaning)> ExitCodes => [(ExitCode.Success, "shown"), (ExitCode.NotFound, "no such index, or none was ever fitted for it")];

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var index = arguments.GetRequiredValue(_index);
        var bridges = await EngineSession.AskAsync(
            context, "bridge show", engine => engine.Bridges.ListAsync(index, context.CancellationToken),
            server => server.GetAsync<IReadOnlyList<BridgeState>>($"indexes/{index}/bridges", context.CancellationToken, EvaluationJson.Options));
        var shown = bridges.FirstOrDefault(bridge => bridge.InUse) ?? (bridges.Count > 0 ? bridges[0] : throw new CommandException(
            ExitCode.NotFound, $"no bridge was ever fitted for index '{index}'", $"Where its model is gone: driftguard bridge fit {index} --model NEW"));
        context.Report(shown, BridgeView.Write, EvaluationJson.Indented);
        return ExitCode.Success;
    }
}
