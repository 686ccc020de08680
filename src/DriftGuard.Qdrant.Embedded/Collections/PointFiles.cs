namespace DriftGuard.Qdrant.Embedded.Collections;

/// <summary>The names of points files. A name is never used twice, so that what a crash left of one collection cannot become another's.</summary>
internal static class PointFiles
{
    private const string Suffix = ".points.db";
    private static readonly string[] SidecarSuffixes = ["", "-wal", "-shm", "-journal"];

    public static string NewName() => $"{Guid.NewGuid():N}{Suffix}";

    public static void Remove(string path)
    {
        foreach (var suffix in SidecarSuffixes) File.Delete(path + suffix);
    }

    /// <summary>Removes the files of collections that were being created or deleted when the process died.</summary>
    public static void RemoveAllBut(string directory, IReadOnlySet<string> known)
    {
        foreach (var path in Directory.EnumerateFiles(directory, $"*{Suffix}"))
            if (!known.Contains(Path.GetFileName(path))) Remove(path);
    }
}
