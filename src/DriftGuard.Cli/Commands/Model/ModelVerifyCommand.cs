using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using DriftGuard.Cli.Shell;
using DriftGuard.Embedding;
using DriftGuard.Embedding.Pinning.Lock;
using DriftGuard.Worker.Models;

namespace DriftGuard.Cli.Commands.Model;

/// <summary><c>model verify</c>: reads every file of models, compares digests, opens the graphs, and asks providers for one vector.</summary>
internal sealed class ModelVerifyCommand : DriftGuardCommand
{
    private readonly Argument<string[]> _models = new("model")
    {
        Description = "Names or folders of models; all that can be named unless given",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public ModelVerifyCommand()
        : base("verify", "Check models' files, digests and graphs as opening them does, ask those behind an API for one vector, and compare them with the lock file", "driftguard model verify", "driftguard model verify ./my-model")
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
                done.Add(Verified(folder, await ModelCatalog.ProbeAsync(folder.Directory, options.EmbeddingOptions(), context.CancellationToken), locked));
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
                console.Say(row.Valid ? $"[green]ok[/]      {row.Name}{row.Answer}" : (FormattableString)$"[red]broken[/]  {row.Name}");
                if (row.Runs is { } runs)
                {
                    console.Say($"        {runs}");
                }

                foreach (var problem in row.Problems)
                {
                    console.Say($"        {problem}");
                }
            }
        });
        return results.TrueForAll(result => result.Valid) ? ExitCode.Success : ExitCode.Refused;
    }

    private static VerifiedModel Verified(ModelFolder folder, ModelProbe probe, ModelLock? models)
    {
        var state = LockStates.Of(models, folder);
        var found = probe.Problems.Select(problem => problem.ToString()).ToList();
        switch (probe.Problems.Count == 0 ? state : LockState.NoLockFile)
        {
            case LockState.OtherLocked:
                found.Add($"has fingerprint {folder.Fingerprint?.Short}, and the lock file {models!.File} says {models.Find(folder.Name)!.Fingerprint.Short}: run `driftguard models pull {folder.Name}`");
                break;
            case LockState.NotLocked:
                found.Add($"is not in the lock file {models!.File}, and so it is refused when DriftGuard runs: `driftguard models add {folder.Directory}` locks it");
                break;
        }

        return new(
            folder.Name, folder.Directory, state, probe.Problems.Count == 0 && state is not LockState.OtherLocked, found,
            probe.Runs, folder.Address, probe.Dimensions, probe.Identity?.Model, probe.Identity?.SystemFingerprint);
    }

    private sealed record VerifiedModel(
        string Name, string Directory, LockState Lock, bool Valid, IReadOnlyList<string> Problems,
        string? Runs = null, string? Address = null, int? Dimensions = null, string? AnswersAs = null, string? SystemFingerprint = null)
    {
        /// <summary>What a provider answered; nothing for a model that runs in the process.</summary>
        [JsonIgnore]
        public string Answer => Dimensions is null ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $" at {Address} gives {Dimensions} dimensions, as model {(AnswersAs is null ? "(it does not say)" : AnswersAs)}{(SystemFingerprint is { Length: > 0 } system ? $", system fingerprint {system}" : "")}");
    }
}
