using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Indexes;

namespace DriftGuard.Cli.Commands.Index;

/// <summary><c>index load</c>: embeds a corpus file into an index.</summary>
internal sealed class IndexLoadCommand : DriftGuardCommand
{
    private readonly Argument<string> _name = new("name") { Description = "The index" };
    private readonly Argument<string> _file = new("file") { Description = "The corpus: JSON Lines, one object with id and text a line" };
    private readonly Option<string> _idField = new("--id-field") { Description = "The key of a document's id", DefaultValueFactory = _ => "id" };

    public IndexLoadCommand()
        : base("load", "Embed a corpus file into an index; nothing is written if anything in the file is wrong", "driftguard index load docs corpus.jsonl")
    {
        Arguments.Add(_name);
        Arguments.Add(_file);
        Options.Add(_idField);
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) =>
        EngineSession.RunAsync(context, "index load", async engine =>
        {
            var index = await engine.Indexes.ShowAsync(arguments.GetRequiredValue(_name), context.CancellationToken);
            var corpus = new CorpusFile(Path.GetFullPath(arguments.GetRequiredValue(_file)), arguments.GetRequiredValue(_idField), index.Definition.TextField);
            var result = await context.WithProgressAsync(async progress =>
            {
                var task = progress.Task($"embedding into {index.Definition.Name}", 0);
                return await engine.Loader.LoadAsync(index, corpus, (done, total) => { task.ChangeTotal(total); task.Report(done); }, context.CancellationToken);
            });
            var view = new { Index = index.Definition.Name, result.Written, result.Truncated, result.RepeatedTexts, NotEmbedded = result.Parked.Select(p => new { Point = p.PointId, p.Reason }) };
            context.Report(view, (console, loaded) =>
            {
                console.Say($"[green]loaded[/] {loaded.Written} documents into {loaded.Index} ({index.Model})");
                if (loaded.Truncated > 0)
                {
                    console.Say($"[yellow]{loaded.Truncated} of them are longer than the model's token limit: their end is not in their vector[/]");
                }

                if (loaded.RepeatedTexts > 0)
                {
                    console.Say($"[grey]{loaded.RepeatedTexts} of them repeat the text of another one[/]");
                }

                foreach (var parked in loaded.NotEmbedded)
                {
                    console.Say($"[red]not embedded[/] {parked.Point}: {parked.Reason}");
                }
            });
            return result.Parked.Count > 0 ? ExitCode.Refused : ExitCode.Success;
        });
}
