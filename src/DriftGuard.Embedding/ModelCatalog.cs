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
    public static IReadOnlyList<ModelProblem> Verify(string modelDirectory)
    {
        try
        {
            using var model = EmbeddingModel.Open(modelDirectory, new() { Sessions = 1 });
            return [];
        }
        catch (ModelException e)
        {
            return e.Problems;
        }
    }

    /// <summary>
    /// What <see cref="Verify"/> does, and where the model is asked over HTTP, one request for one text, which is not repeated.
    /// </summary>
    /// <param name="modelDirectory">The folder.</param>
    /// <param name="options">How it is to be run; in one session unless said.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<ModelProbe> ProbeAsync(
        string modelDirectory, EmbeddingModelOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            // Loading weights is work of seconds; it is not done on the caller's thread.
            using var model = await Task.Run(() => EmbeddingModel.Open(modelDirectory, (options ?? new() { Sessions = 1 }) with { Retries = 0 }), cancellationToken).ConfigureAwait(false);
            var probe = model.Spec.Provider == ModelSpec.OnnxProvider ? new([], null, null) : await AskAsync(model, cancellationToken).ConfigureAwait(false);
            return probe with { Runs = model.Description };
        }
        catch (ModelException e)
        {
            return new(e.Problems, null, null);
        }
    }

    private static async Task<ModelProbe> AskAsync(EmbeddingModel model, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = (await model.EmbedAsync(["DriftGuard asks for one vector."], InputKind.Document, cancellationToken).ConfigureAwait(false))[0];
            return outcome.IsEmbedded
                ? new([], outcome.Vector.Length, model.Identities.Count > 0 ? model.Identities[^1] : null)
                : new([new(model.Directory, null, outcome.Failure)], null, null);
        }
        catch (EmbeddingProviderException e)
        {
            return new([new(e.Address, null, e.Reason)], null, null);
        }
    }

    private static ModelFolder Describe(string directory)
    {
        var problems = new List<ModelProblem>();
        var definition = ModelSpecFile.Read(directory, problems);
        return problems.Count == 0
            ? new(directory, definition!.Spec, problems) { Address = definition.Endpoint?.AddressOf("") }
            : new(directory, null, problems);
    }
}

/// <summary>A folder with a <c>model.yaml</c>.</summary>
/// <param name="Directory">Its full path, for <see cref="EmbeddingModel.Open"/>.</param>
/// <param name="Spec">What it says; <see langword="null"/> if there are problems.</param>
/// <param name="Problems">What is wrong with the spec. The files are not looked at, see <see cref="ModelCatalog.Verify"/>.</param>
public sealed record ModelFolder(string Directory, ModelSpec? Spec, IReadOnlyList<ModelProblem> Problems)
{
    /// <summary>Where the model is asked over HTTP, without parameters; <see langword="null"/> if it runs in the process.</summary>
    public string? Address { get; init; }

    /// <summary>The model's name, or the folder's where the spec cannot be read.</summary>
    public string Name => Spec?.Name ?? Path.GetFileName(Directory);

    /// <summary>The identity of the spec and the files it states; <see langword="null"/> if there are problems.</summary>
    public Fingerprint? Fingerprint => Spec is null ? null : Core.Embedding.Fingerprint.Of(Spec);
}

/// <summary>What came of verifying a model, and of asking it where it is asked over HTTP.</summary>
/// <param name="Problems">What keeps it from being used; empty if it can be.</param>
/// <param name="Dimensions">Length of the vector that was given; <see langword="null"/> where nobody was asked, or there was none.</param>
/// <param name="Identity">As which model the provider answered; <see langword="null"/> where it does not say.</param>
public sealed record ModelProbe(IReadOnlyList<ModelProblem> Problems, int? Dimensions, ProviderIdentity? Identity)
{
    /// <summary>How it is run or asked, see <see cref="EmbeddingModel.Description"/>; <see langword="null"/> if it could not be opened.</summary>
    public string? Runs { get; init; }
}
