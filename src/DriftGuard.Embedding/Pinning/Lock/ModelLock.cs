namespace DriftGuard.Embedding.Pinning.Lock;

/// <summary>What a deployment runs: the models of its lock file, by name.</summary>
/// <param name="File">The file, for messages.</param>
/// <param name="Models">The models, by name.</param>
public sealed record ModelLock(string File, IReadOnlyList<LockedModel> Models)
{
    /// <summary>The name of the file where no other is configured.</summary>
    public const string DefaultFileName = "models.lock.yaml";

    /// <summary>Reads a lock file.</summary>
    /// <returns>What it says; null where there is no such file, and so nothing is locked.</returns>
    /// <exception cref="PinningException">It is malformed or cannot be read.</exception>
    public static ModelLock? Read(string? file) => file is null || !System.IO.File.Exists(file) ? null : ModelLockFile.Read(file);

    /// <summary>The model of a name; null if it is not locked.</summary>
    public LockedModel? Find(string name) => Models.FirstOrDefault(model => model.Name == name);

    internal ModelLock With(LockedModel model) => this with
    {
        Models = [.. Models.Where(other => other.Name != model.Name).Append(model).OrderBy(locked => locked.Name, StringComparer.Ordinal)],
    };

    internal ModelLock Without(string name) => this with { Models = [.. Models.Where(model => model.Name != name)] };
}
