using System.CommandLine;
using DriftGuard.Cli.Shell;

namespace DriftGuard.Cli.Commands.Index;

/// <summary><c>index restore</c>: a collection of a snapshot that was copied before the collection was removed.</summary>
internal sealed class IndexRestoreCommand : DriftGuardCommand
{
    private readonly Argument<string> _file = new("file") { Description = "The snapshot, of the same kind of Qdrant: embedded, or a server of the same version or a later one" };
    private readonly Option<string> _collection = new("--collection") { Description = "The name of the collection that is made of it; nothing may have it yet", Required = true, HelpName = "NAME" };

    public IndexRestoreCommand()
        : base(
            "restore",
            "Make a collection of a snapshot that a rollout kept; no index and no alias is changed",
            "driftguard index restore snapshots/docs-5f3a-0.snapshot --collection docs-restored")
    {
        Arguments.Add(_file);
        Options.Add(_collection);
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) => EngineSession.RunAsync(context, "index restore", async engine =>
    {
        var collection = arguments.GetRequiredValue(_collection);
        var points = await engine.Snapshots.RestoreAsync(arguments.GetRequiredValue(_file), collection, context.CancellationToken);
        context.Report(new { collection, points }, (console, restored) =>
            console.Say($"[green]{restored.collection}[/] holds {restored.points} points; no index is served by it, and no alias points to it"));
        return ExitCode.Success;
    });
}
