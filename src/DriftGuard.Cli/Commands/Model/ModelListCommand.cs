using System.CommandLine;
using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Embedding;

namespace DriftGuard.Cli.Commands.Model;

/// <summary><c>model list</c>: the models that can be named.</summary>
internal sealed class ModelListCommand() : DriftGuardCommand("list", "List the models that can be named", "driftguard model list")
{
    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var searched = context.Options.Models.SearchPath;
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
            folder.Directory,
            Problems = folder.Problems.Select(problem => problem.ToString()).ToArray(),
        }).ToArray();
        context.Report(models, (console, rows) =>
        {
            var table = Tables.Create(console, "name", "provider", ">dimensions", "pooling", "distance", ">max tokens", "fingerprint", "folder");
            foreach (var row in rows)
            {
                table.AddTextRow(
                    row.Name, row.Provider ?? "-", Text(row.Dimensions), Text(row.Pooling), Text(row.Distance), Text(row.MaxTokens), row.Fingerprint?[..8] ?? "-", row.Directory);
            }

            console.Write(table);
        });
        foreach (var problem in models.SelectMany(model => model.Problems))
        {
            context.Note($"[yellow]{problem}[/]");
        }

        if (models.Length == 0)
        {
            context.Note($"[grey]no models in {string.Join(", ", searched)}; set models.roots[/]");
        }

        return Task.FromResult(ExitCode.Success);
    }

    private static string Text<T>(T? value)
        where T : struct => value is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{value}").ToLowerInvariant();
}
