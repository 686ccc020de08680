using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Rollouts;

namespace DriftGuard.Cli.Commands.Index;

/// <summary><c>index show</c>: one index and what serves it.</summary>
internal sealed class IndexShowCommand : DriftGuardCommand
{
    private readonly Argument<string> _name = new("name") { Description = "The index" };

    public IndexShowCommand()
        : base("show", "Show an index: collection, model, fingerprint, epoch, points", "driftguard index show docs") => Arguments.Add(_name);

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) =>
        EngineSession.RunAsync(context, "index show", async engine =>
        {
            var index = await engine.Indexes.ShowAsync(arguments.GetRequiredValue(_name), context.CancellationToken);
            var notLoaded = await engine.Installation.State.ParkedAsync(ParkedText.OfLoads(index.Definition.Name), context.CancellationToken);
            context.Report(IndexView.Of(index, notLoaded), IndexView.Write);
            return ExitCode.Success;
        });
}
