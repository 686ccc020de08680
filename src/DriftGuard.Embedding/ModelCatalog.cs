using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Specs;

namespace DriftGuard.Embedding;

/// <summary>Finds model folders under explicit roots.</summary>
public static class ModelCatalog
{
    /// <summary>
    /// Model folders: each root that has a <c>model.yaml</c>, and each folder directly in a root that has one. In the order of the
    /// roots, then by name; a folder that cannot be read as a model says why. Roots that do not exist have none.
    /// </summary>
    public static IReadOnlyList<ModelFolder> Find(IEnumerable<string> roots) =>
    [
        .. roots.Where(Directory.Exists)
            .SelectMany(root => Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal).Prepend(root))
            .Select(Path.GetFullPath)
            .Where(directory => File.Exists(Path.Combine(directory, ModelSpecFile.Name)))
            .Distinct(StringComparer.Ordinal)
            .Select(Describe),
    ];

    /// <summary>The folder of the model with a name; the first, if several roots have it.</summary>
    /// <exception cref="ModelException">There is none, or it cannot be read.</exception>
    public static ModelFolder Get(string name, IReadOnlyCollection<string> roots)
    {
        var folders = Find(roots);
        var folder = folders.FirstOrDefault(f => f.Name == name);
        if (folder is null)
        {
            var known = folders.Count == 0 ? "there are no models" : $"there are {string.Join(", ", folders.Select(f => f.Name))}";
            throw new ModelException(name, [new(string.Join(Path.PathSeparator, roots), null, $"no model is named '{name}'; {known}.")]) { IsMissing = true };
        }

        return folder.Problems.Count == 0 ? folder : throw new ModelException(folder.Directory, folder.Problems);
    }

    /// <summary>
    /// Everything that keeps a model folder from being used; empty if it can be. Reads and runs all of it, as opening it does.
    /// </summary>
    /// <param name="modelDirectory">The folder.</param>
    /// <param name="options">How it is to be run; in one session unless said.</param>
    /// <param name="sound">Told of a model that can be used, before it is closed again.</param>
    public static IReadOnlyList<ModelProblem> Verify(string modelDirectory, EmbeddingModelOptions? options = null, Action<EmbeddingModel>? sound = null)
    {
        try
        {
            using var model = EmbeddingModel.Open(modelDirectory, options ?? new() { Sessions = 1 });
            sound?.Invoke(model);
            return [];
        }
        catch (ModelException e)
        {
            return e.Problems;
        }
    }

    private static ModelFolder Describe(string directory)
    {
        var problems = new List<ModelProblem>();
        var spec = ModelSpecFile.Read(directory, problems);
        return new(directory, problems.Count == 0 ? spec : null, problems);
    }
}

/// <summary>A folder with a <c>model.yaml</c>.</summary>
/// <param name="Directory">Its full path, for <see cref="EmbeddingModel.Open"/>.</param>
/// <param name="Spec">What it says; <see langword="null"/> if there are problems.</param>
/// <param name="Problems">What is wrong with the spec. The files are not looked at, see <see cref="ModelCatalog.Verify"/>.</param>
public sealed record ModelFolder(string Directory, ModelSpec? Spec, IReadOnlyList<ModelProblem> Problems)
{
    /// <summary>The model's name, or the folder's where the spec cannot be read.</summary>
    public string Name => Spec?.Name ?? Path.GetFileName(Directory);

    /// <summary>The identity of the spec and the files it states; <see langword="null"/> if there are problems.</summary>
    public Fingerprint? Fingerprint => Spec is null ? null : Core.Embedding.Fingerprint.Of(Spec);
}
