using System.CommandLine;
using DriftGuard.Cli.Shell;

namespace DriftGuard.Cli.Commands.Qdrant;

/// <summary><c>qdrant restore</c>: a collection of a snapshot that was copied before the collection was removed.</summary>
internal sealed class QdrantRestoreCommand : DriftGuardCommand
{
    private readonly Argument<string> _file = new("file") { Description = "The snapshot, of the same kind of Qdrant: embedded, or a server of the same version or a later one" };
    private readonly Option<string> _collection = new("--collection") { Description = "The name of the collection that is made of it; nothing may have it yet", Required = true, HelpName = "NAME" };

    public QdrantRestoreCommand()
        : base(
            "restore",
            "Make a collection of a snapshot that a rollout kept; no index and no alias is changed",
            "driftguard qdrant restore snapshots/docs-5f3a-0.snapshot --collection docs-restored")
    {
        Arguments.Add(_file);
        Options.Add(_collection);
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) => EngineSession.RunAsync(context, "qdrant restore", async engine =>
    {
        var collection = arguments.GetRequiredValue(_collection);
        var points = await engine.Snapshots.RestoreAsync(arguments.GetRequiredValue(_file), collection, context.CancellationToken);
        context.Report(new { collection, points }, (console, restored) =>
            console.Say($"[green]{restored.collection}[/] holds {restored.points} points; no index is served by it: point an alias to it, or adopt it as an index of its own"));
        return ExitCode.Success;
    });
}
