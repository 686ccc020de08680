using DriftGuard.Testing.Models;

namespace DriftGuard.Embedding.Tests.Variants;

/// <summary>Copies of shipped models in a folder that is gone afterwards.</summary>
internal sealed class ModelCopies : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("driftguard-copies-").FullName;
    private int _count;

    public string Root => _root;

    public ModelCopy Of(string shipped) => ModelCopy.Of(ShippedModels.DirectoryOf(shipped), Next());

    /// <summary>A folder that is not there yet.</summary>
    public string Next() => Path.Combine(_root, $"{++_count}");

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
