using DriftGuard.Embedding;
using DriftGuard.Embedding.Pinning;
using DriftGuard.Embedding.Pinning.Lock;
using DriftGuard.Worker.Configuration;

namespace DriftGuard.Worker.Models;

/// <summary>The models that a deployment may run: those of its lock file and those of the release, or all that are found where there is no lock file.</summary>
/// <param name="options">Where models are found, and the lock file.</param>
public sealed class LockedModels(ModelsOptions options)
{
    /// <summary>The folder of the model of a name; the one that is locked, if several have the name.</summary>
    /// <exception cref="ModelException">There is none, or it cannot be read.</exception>
    /// <exception cref="OperatorException">The lock file does not list it, or lists another of its name.</exception>
    /// <exception cref="PinningException">The lock file cannot be read.</exception>
    public ModelFolder Find(string name)
    {
        if (ModelLock.Read(options.LockFile) is not { } models)
        {
            return ModelCatalog.Get(name, options.SearchPath);
        }

        if (models.Find(name) is not { } locked)
        {
            var folder = ModelCatalog.Get(name, options.SearchPath);
            if (IsShipped(folder))
            {
                return folder;
            }

            throw new OperatorException(OperatorError.Conflict,
                $"model '{name}' in {folder.Directory} is not in the lock file {models.File}, which says what this deployment runs. "
                + $"Lock it with `driftguard models add {folder.Directory}`, or use one that is locked");
        }

        var found = ModelCatalog.Find(options.SearchPath).Where(folder => folder.Name == name).ToList();
        if (found.Find(folder => folder.Fingerprint == locked.Fingerprint) is { } pinned)
        {
            return pinned;
        }

        throw found.Count == 0
            ? new OperatorException(OperatorError.NotFound,
                $"model '{name}' is in the lock file {models.File} and in none of {string.Join(", ", options.SearchPath)}. Fetch it with `driftguard models pull {name}`, or set models.pullMissing")
            : new OperatorException(OperatorError.Conflict,
                $"model '{name}' in {found[0].Directory} has fingerprint {found[0].Fingerprint?.Short ?? "(none: it cannot be read)"}, and the lock file {models.File} says {locked.Fingerprint.Short}: "
                + $"their vectors do not compare. Fetch the locked one with `driftguard models pull {name}`");
    }

    /// <summary>Whether a model comes with DriftGuard: its digests are those of the release, so it needs no entry in the lock file.</summary>
    public static bool IsShipped(ModelFolder folder) => Path.GetDirectoryName(folder.Directory) == ShippedFolders.Models;

    /// <summary>The names of locked models that are on no disk here, or only as others.</summary>
    /// <exception cref="PinningException">The lock file cannot be read.</exception>
    public IReadOnlyList<string> Missing()
    {
        var found = ModelCatalog.Find(options.SearchPath).Select(folder => (folder.Name, folder.Fingerprint)).ToHashSet();
        return [.. ModelLock.Read(options.LockFile)?.Models.Where(model => !found.Contains((model.Name, model.Fingerprint))).Select(model => model.Name) ?? []];
    }

    /// <summary>Pulls what is locked and missing, if the configuration asks for that.</summary>
    /// <param name="environment">The environment variables, for the hub's token.</param>
    /// <param name="time">The clock.</param>
    /// <param name="pulling">Told of each model before it is pulled.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="PinningException">A model cannot be had as it is locked.</exception>
    public async Task PullMissingAsync(
        IReadOnlyDictionary<string, string> environment, TimeProvider time, Action<string> pulling, CancellationToken cancellation)
    {
        if (!options.PullMissing || Missing() is not { Count: > 0 } missing)
        {
            return;
        }

        using var pinning = new ModelPinning(options.Pinning(environment), time);
        foreach (var name in missing)
        {
            pulling(name);
            await pinning.PullAsync(name, new(), cancellation);
        }
    }
}
