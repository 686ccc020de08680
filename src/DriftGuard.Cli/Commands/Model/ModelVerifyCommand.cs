using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Embedding;
using DriftGuard.Worker.Models;

namespace DriftGuard.Cli.Commands.Model;

/// <summary><c>model verify</c>: reads every file of models, compares digests, and opens the graphs.</summary>
internal sealed class ModelVerifyCommand : DriftGuardCommand
{
    private readonly Argument<string[]> _models = new("model")
    {
        Description = "Names or folders of models; all that can be named unless given",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public ModelVerifyCommand()
        : base("verify", "Check models' files, digests and graphs as opening them does", "driftguard model verify", "driftguard model verify ./my-model")
    {
        Arguments.Add(_models);
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var options = context.Options;
        var named = arguments.GetValue(_models) ?? [];
        var folders = named.Length == 0 ? ModelCatalog.Find(options.Models.SearchPath) : [.. named.Select(name => ModelFinder.Find(options, name))];
        var results = await context.WithProgressAsync(async progress =>
        {
            var task = progress.Task("verifying models", folders.Count);
            var done = new List<VerifiedModel>();
            foreach (var folder in folders)
            {
                // Loading weights is synchronous work of seconds; a stop is heeded between models.
                context.CancellationToken.ThrowIfCancellationRequested();
                var runs = "";
                var problems = await Task.Run(
                    () => ModelCatalog.Verify(folder.Directory, options.EmbeddingOptions(), model => runs = model.Description), context.CancellationToken);
                done.Add(new VerifiedModel(folder.Name, folder.Directory, problems.Count == 0, runs, [.. problems.Select(problem => problem.ToString())]));
                task.Report(done.Count);
            }

            return done;
        });

        context.Report(results, (console, rows) =>
        {
            foreach (var row in rows)
            {
                console.Say(row.Valid ? $"[green]ok[/]      {row.Name}" : (FormattableString)$"[red]broken[/]  {row.Name}");
                if (row.Valid)
                {
                    console.Say($"        {row.Runs}");
                }

                foreach (var problem in row.Problems)
                {
                    console.Say($"        {problem}");
                }
            }
        });
        return results.TrueForAll(result => result.Valid) ? ExitCode.Success : ExitCode.Refused;
    }

    private sealed record VerifiedModel(string Name, string Directory, bool Valid, string Runs, IReadOnlyList<string> Problems);
}
