using System.CommandLine;
using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Embedding;
using DriftGuard.Embedding.Pinning;
using DriftGuard.Embedding.Pinning.Lock;

namespace DriftGuard.Cli.Commands.Model;

/// <summary><c>model list</c>: the models that can be named, or those that can be pulled.</summary>
internal sealed class ModelListCommand : DriftGuardCommand
{
    private readonly Option<bool> _available = new("--available") { Description = "List the catalogue: the models that can be pulled by name" };

    public ModelListCommand()
        : base("list", "List the models that can be named", "driftguard model list", "driftguard models list --available")
    {
        Options.Add(_available);
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        if (arguments.GetValue(_available))
        {
            ListCatalogue(context);
        }
        else
        {
            ListModels(context);
        }

        return Task.FromResult(ExitCode.Success);
    }

    private static void ListCatalogue(CommandContext context) => context.Report(
        Catalogue.Entries.Select(entry => new { entry.Name, entry.Provider, entry.Model, entry.Dimensions, entry.Licence, entry.Card }).ToArray(),
        (console, rows) =>
        {
            var table = Tables.Create(console, "name", "provider", ">dimensions", "licence", "card");
            foreach (var row in rows)
            {
                table.AddTextRow(row.Name, row.Provider, row.Dimensions, row.Licence, row.Card);
            }

            console.Write(table);
        });

    private static void ListModels(CommandContext context)
    {
        var searched = context.Options.Models.SearchPath;
        var locked = ModelLock.Read(context.Options.Models.LockFile);
        var models = ModelCatalog.Find(searched).Select(folder => new
        {
            folder.Name,
            folder.Spec?.Model,
            folder.Spec?.Provider,
            folder.Address,
            folder.Spec?.Dimensions,
            Pooling = folder.Address is null ? folder.Spec?.Pooling : null,
            folder.Spec?.Distance,
            folder.Spec?.MaxTokens,
            Fingerprint = folder.Fingerprint?.Id,
            Lock = LockStates.Of(locked, folder),
            folder.Directory,
            Problems = folder.Problems.Select(problem => problem.ToString()).ToArray(),
        }).ToArray();
        context.Report(models, (console, rows) =>
        {
            var table = Tables.Create(console, "name", "provider", ">dimensions", "pooling", "distance", ">max tokens", "fingerprint", "locked", "folder");
            foreach (var row in rows)
            {
                table.AddTextRow(
                    row.Name, row.Provider ?? "-", Text(row.Dimensions), Text(row.Pooling), Text(row.Distance), Text(row.MaxTokens), row.Fingerprint?[..8] ?? "-",
                    LockStates.Word(row.Lock), row.Directory);
            }

            console.Write(table);
        });
        foreach (var problem in models.SelectMany(model => model.Problems))
        {
            context.Note($"[yellow]{problem}[/]");
        }

        if (models.Length == 0)
        {
            context.Note($"[grey]no models in {string.Join(", ", searched)}; set models.roots, or pull one of `driftguard models list --available`[/]");
        }
    }

    private static string Text<T>(T? value)
        where T : struct => value is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{value}").ToLowerInvariant();
}
