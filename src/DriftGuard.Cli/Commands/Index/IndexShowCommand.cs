using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Indexes;

namespace DriftGuard.Cli.Commands.Index;

/// <summary><c>index show</c>: one index and what serves it.</summary>
internal sealed class IndexShowCommand : DriftGuardCommand
{
    private readonly Argument<string> _name = new("name") { Description = "The index" };

    public IndexShowCommand()
        : base("show", "Show an index: collection, model, fingerprint, epoch, points", "driftguard index show docs") => Arguments.Add(_name);

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var name = arguments.GetRequiredValue(_name);
        var view = await EngineSession.AskAsync(
            context, "index show", engine => engine.Indexes.ViewAsync(name, context.CancellationToken), server => server.GetAsync<IndexView>($"indexes/{name}", context.CancellationToken));
        context.Report(view, IndexText.Write);
        return ExitCode.Success;
    }
}
