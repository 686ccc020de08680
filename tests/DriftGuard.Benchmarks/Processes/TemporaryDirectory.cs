namespace DriftGuard.Benchmarks.Processes;

/// <summary>A folder that is gone afterwards.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("driftguard-benchmark-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
