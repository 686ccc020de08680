using DriftGuard.Cli.Shell;
using DriftGuard.Core.Text;
using DriftGuard.Embedding;
using DriftGuard.Worker.Configuration;

namespace DriftGuard.Cli.Commands.Model;

/// <summary>Finds models by what people write: a name, or a path to a folder.</summary>
internal static class ModelFinder
{
    /// <summary>The folder of a model.</summary>
    /// <exception cref="CommandException">There is no such model.</exception>
    public static ModelFolder Find(DriftGuardOptions options, string nameOrPath)
    {
        var isPath = nameOrPath.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal);
        var folders = ModelCatalog.Find(isPath ? [nameOrPath] : options.Models.SearchPath);
        return folders.FirstOrDefault(folder => isPath || folder.Name == nameOrPath) ?? throw NotFound(nameOrPath, isPath, folders, options);
    }

    /// <summary>
    /// The models that can be named and run in the process, for commands that take all: one behind an API costs money and gets the texts, so
    /// it has to be named.
    /// </summary>
    public static IReadOnlyList<ModelFolder> InProcess(DriftGuardOptions options) =>
        [.. ModelCatalog.Find(options.Models.SearchPath).Where(folder => folder.Address is null)];

    private static CommandException NotFound(string name, bool isPath, IReadOnlyList<ModelFolder> folders, DriftGuardOptions options)
    {
        if (isPath)
        {
            return new CommandException(ExitCode.NotFound, $"there is no model in '{name}': expected a folder with a model.yaml");
        }

        var hint = NearestName.Find(name, folders.Select(folder => folder.Name)) is { } meant
            ? $"Did you mean '{meant}'?"
            : folders.Count > 0
                ? $"There are {string.Join(", ", folders.Select(folder => folder.Name))}."
                : $"There are no models in {string.Join(", ", options.Models.SearchPath)}; set models.roots.";
        return new CommandException(ExitCode.NotFound, $"there is no model '{name}'", hint);
    }
}
