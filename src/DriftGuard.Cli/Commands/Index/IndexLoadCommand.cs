using System.CommandLine;
using DriftGuard.Cli.Shell;

namespace DriftGuard.Cli.Commands.Index;

/// <summary><c>index load</c>: embeds a corpus file into an index.</summary>
internal sealed class IndexLoadCommand : DriftGuardCommand
{
    private readonly Argument<string> _name = new("name") { Description = "The index" };
    private readonly Argument<string?> _file = new("file") { Description = "The corpus: JSON Lines, one object with id and text a line, or Parquet (.parquet)", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _table = new("--table") { Description = "A table or view of PostgreSQL in place of a file; all its columns become payload" };
    private readonly Option<string?> _connection = new("--connection-file") { Description = "A file that holds the connection string of the table; that of the index' source unless set" };
    private readonly Option<string> _idField = new("--id-field") { Description = "The key or column of a document's id", DefaultValueFactory = _ => "id" };
    private readonly Option<string?> _chunkField = new("--chunk-field") { Description = "The key or column of the chunk, where documents are in pieces" };

    public IndexLoadCommand()
        : base(
            "load", "Embed a corpus into an index; nothing is written if anything in it is wrong",
            "driftguard index load docs corpus.jsonl", "driftguard index load docs --table shop.articles --connection-file /run/secrets/shop")
    {
        Arguments.Add(_name);
        Arguments.Add(_file);
        Options.Add(_table);
        Options.Add(_connection);
        Options.Add(_idField);
        Options.Add(_chunkField);
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) =>
        EngineSession.RunAsync(context, "index load", async engine =>
        {
            var index = await engine.Indexes.ShowAsync(arguments.GetRequiredValue(_name), context.CancellationToken);
            var corpus = engine.Corpora.Of(index.Definition, new()
            {
                File = arguments.GetValue(_file) is { } file ? Path.GetFullPath(file) : null,
                Table = arguments.GetValue(_table),
                ConnectionFile = arguments.GetValue(_connection),
                IdField = arguments.GetRequiredValue(_idField),
                ChunkField = arguments.GetValue(_chunkField),
            });
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
