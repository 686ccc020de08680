using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker;

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
        var (path, collection) = (arguments.GetRequiredValue(_file), arguments.GetRequiredValue(_collection));
        if (!File.Exists(path))
        {
            throw new OperatorException(OperatorError.NotFound, $"there is no file '{path}'");
        }

        var qdrant = engine.Endpoint.Client;
        if (await qdrant.ExistsAsync(collection, context.CancellationToken))
        {
            throw new OperatorException(OperatorError.Conflict, $"Qdrant has a collection or an alias '{collection}' already: nothing was restored; choose another name");
        }

        if (await qdrant.PeersAsync(context.CancellationToken) is { Count: > 1 } peers)
        {
            throw new OperatorException(OperatorError.Conflict,
                $"Qdrant has {peers.Count} peers, and a snapshot holds what one of them had: restore each on its peer, as Qdrant's documentation of snapshots says");
        }

        await using var file = File.OpenRead(path);
        await qdrant.RestoreSnapshotAsync(collection, file, context.CancellationToken);
        var points = await qdrant.CountAsync(collection, cancellationToken: context.CancellationToken);
        context.Report(new { collection, points }, (console, restored) => console.Say($"[green]{restored.collection}[/] holds {restored.points} points; no index is served by it: point an alias to it, or adopt it as an index of its own"));
        return ExitCode.Success;
    });
}
