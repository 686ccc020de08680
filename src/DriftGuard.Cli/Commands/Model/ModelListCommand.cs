using System.CommandLine;
using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Embedding.Pinning;
using DriftGuard.Worker.Models;

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

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        if (arguments.GetValue(_available))
        {
            ListCatalogue(context);
        }
        else
        {
            await ListModelsAsync(context);
        }

        return ExitCode.Success;
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

    private static async Task ListModelsAsync(CommandContext context)
    {
        var models = await FindAsync(context);
        context.Report(models, (console, rows) =>
        {
            var table = Tables.Create(console, "name", "provider", ">dimensions", "pooling", "distance", ">max tokens", "fingerprint", "locked", "folder");
            foreach (var row in rows)
            {
                table.AddTextRow(
                    row.Name, row.Provider ?? "-", Text(row.Dimensions), Text(row.Pooling), Text(row.Distance), Text(row.MaxTokens), row.Fingerprint?[..8] ?? "-",
                    LockWords.Of(row.Lock), row.Directory);
            }

            console.Write(table);
        });
        foreach (var problem in models.SelectMany(model => model.Problems))
        {
            context.Note($"[yellow]{problem}[/]");
        }

        if (models.Count == 0)
        {
            var where = context.Server ?? string.Join(", ", context.Options.Models.SearchPath);
            context.Note($"[grey]no models in {where}; set models.roots, or pull one of `driftguard models list --available`[/]");
        }
    }

    private static async Task<IReadOnlyList<ModelView>> FindAsync(CommandContext context)
    {
        if (context.Server is null)
        {
            return ModelView.Find(context.Options.Models);
        }

        using var server = ApiClient.Open(context);
        return await server.GetAsync<IReadOnlyList<ModelView>>($"models", context.CancellationToken);
    }

    private static string Text<T>(T? value)
        where T : struct => value is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{value}").ToLowerInvariant();
}
