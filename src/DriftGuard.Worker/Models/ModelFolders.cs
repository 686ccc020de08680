using DriftGuard.Embedding;

namespace DriftGuard.Worker.Models;

/// <summary>Where models lie on the disk.</summary>
/// <param name="find">The folder of a model by its name; null where there is none of the kind; throws what a person can read.</param>
/// <param name="all">Every folder that can be used as a model.</param>
public sealed class ModelFolders(Func<string, ModelFolder?> find, Func<IReadOnlyList<ModelFolder>> all)
{
    /// <summary>Models that do not lie on a disk.</summary>
    public static ModelFolders None { get; } = new(_ => null, () => []);

    /// <summary>The folder of a model.</summary>
    /// <exception cref="ModelException">It cannot be read.</exception>
    /// <exception cref="OperatorException">The lock file says otherwise.</exception>
    public ModelFolder? Find(string name) => find(name);

    /// <summary>Every folder that can be read as a model.</summary>
    public IReadOnlyList<ModelFolder> All() => [.. all().Where(folder => folder.Spec is not null)];
}
