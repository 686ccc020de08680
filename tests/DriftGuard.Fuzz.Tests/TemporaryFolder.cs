namespace DriftGuard.Fuzz.Tests;

/// <summary>Folders that go away with the process.</summary>
internal static class TemporaryFolder
{
    private static readonly Lazy<string> Root = new(() =>
    {
        var root = Directory.CreateTempSubdirectory("driftguard-fuzz-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(root, recursive: true);
        return root;
    });

    /// <summary>A new folder.</summary>
    /// <param name="purpose">What it is for, for those who look.</param>
    public static string Of(string purpose) => Directory.CreateDirectory(Path.Join(Root.Value, $"{purpose}-{Guid.NewGuid():N}")).FullName;

    /// <summary>A folder without anything in it, where there may be another of its name.</summary>
    public static void Empty(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
    }
}
