using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using DriftGuard.Cli.Shell;
using DriftGuard.Embedding;

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
        : base("verify", "Check models' files, digests and graphs as opening them does, and ask those behind an API for one vector", "driftguard model verify", "driftguard model verify ./my-model")
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
                var probe = await ModelCatalog.ProbeAsync(folder.Directory, context.CancellationToken);
                done.Add(new VerifiedModel(
                    folder.Name, folder.Directory, probe.Problems.Count == 0, [.. probe.Problems.Select(problem => problem.ToString())],
                    folder.Address, probe.Dimensions, probe.Identity?.Model, probe.Identity?.SystemFingerprint));
                task.Report(done.Count);
            }

            return done;
        });

        context.Report(results, (console, rows) =>
        {
            foreach (var row in rows)
            {
                console.Say(row.Valid ? $"[green]ok[/]      {row.Name}{row.Answer}" : (FormattableString)$"[red]broken[/]  {row.Name}");
                foreach (var problem in row.Problems)
                {
                    console.Say($"        {problem}");
                }
            }
        });
        return results.TrueForAll(result => result.Valid) ? ExitCode.Success : ExitCode.Refused;
    }

    private sealed record VerifiedModel(
        string Name, string Directory, bool Valid, IReadOnlyList<string> Problems, string? Address, int? Dimensions, string? AnswersAs, string? SystemFingerprint)
    {
        /// <summary>What a provider answered; nothing for a model that runs in the process.</summary>
        [JsonIgnore]
        public string Answer => Dimensions is null ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $" at {Address} gives {Dimensions} dimensions, as model {(AnswersAs is null ? "(it does not say)" : AnswersAs)}{(SystemFingerprint is { Length: > 0 } system ? $", system fingerprint {system}" : "")}");
    }
}
