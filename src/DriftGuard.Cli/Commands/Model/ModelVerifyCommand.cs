using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Embedding;
using DriftGuard.Embedding.Pinning.Lock;
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
        : base("verify", "Check models' files, digests and graphs as opening them does, and compare them with the lock file", "driftguard model verify", "driftguard model verify ./my-model")
    {
        Arguments.Add(_models);
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var options = context.Options;
        var named = arguments.GetValue(_models) ?? [];
        var folders = named.Length == 0 ? ModelCatalog.Find(options.Models.SearchPath) : [.. named.Select(name => ModelFinder.Find(options, name))];
        var locked = ModelLock.Read(options.Models.LockFile);
        var results = await context.WithProgressAsync(async progress =>
        {
            var task = progress.Task("verifying models", folders.Count);
            var done = new List<VerifiedModel>();
            foreach (var folder in folders)
            {
                // Loading weights is synchronous work of seconds; a stop is heeded between models.
                context.CancellationToken.ThrowIfCancellationRequested();
                var problems = await Task.Run(() => ModelCatalog.Verify(folder.Directory), context.CancellationToken);
                done.Add(Verified(folder, problems, locked));
                task.Report(done.Count);
            }

            return done;
        });

        if (named.Length == 0 && locked is not null)
        {
            results.AddRange(new LockedModels(options.Models).Missing().Select(name => new VerifiedModel(
                name, "", LockState.Locked, Valid: false,
                [$"is in the lock file {locked.File} with fingerprint {locked.Find(name)!.Fingerprint.Short} and is not here: run `driftguard models pull {name}`"])));
        }

        context.Report(results, (console, rows) =>
        {
            foreach (var row in rows)
            {
                console.Say(row.Valid ? $"[green]ok[/]      {row.Name}" : (FormattableString)$"[red]broken[/]  {row.Name}");
                foreach (var problem in row.Problems)
                {
                    console.Say($"        {problem}");
                }
            }
        });
        return results.TrueForAll(result => result.Valid) ? ExitCode.Success : ExitCode.Refused;
    }

    private static VerifiedModel Verified(ModelFolder folder, IReadOnlyList<ModelProblem> problems, ModelLock? models)
    {
        var state = LockStates.Of(models, folder);
        var found = problems.Select(problem => problem.ToString()).ToList();
        switch (state)
        {
            case LockState.OtherLocked:
                found.Add($"has fingerprint {folder.Fingerprint?.Short}, and the lock file {models!.File} says {models.Find(folder.Name)!.Fingerprint.Short}: run `driftguard models pull {folder.Name}`");
                break;
            case LockState.NotLocked:
                found.Add($"is not in the lock file {models!.File}, and so it is refused when DriftGuard runs: `driftguard models add {folder.Directory}` locks it");
                break;
        }

        return new(folder.Name, folder.Directory, state, problems.Count == 0 && state is not LockState.OtherLocked, found);
    }

    private sealed record VerifiedModel(string Name, string Directory, LockState Lock, bool Valid, IReadOnlyList<string> Problems);
}
