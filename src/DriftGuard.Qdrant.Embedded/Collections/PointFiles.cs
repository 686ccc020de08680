using DriftGuard.Qdrant.Embedded.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Qdrant.Embedded.Collections;

/// <summary>The points files of a data folder. A name is never used twice, so that what is left of one collection cannot become another's.</summary>
internal sealed partial class PointFiles(string directory, ILogger<PointFiles> logger)
{
    private const string Suffix = ".points.db";
    private static readonly string[] SidecarSuffixes = ["", "-wal", "-shm", "-journal"];

    public static string NewName() => $"{Guid.NewGuid():N}{Suffix}";

    /// <summary>Removes a file as far as it can be: what is left costs room only, and the next start tries again.</summary>
    public static bool TryRemove(string path)
    {
        try
        {
            foreach (var suffix in SidecarSuffixes) File.Delete(path + suffix);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// Removes what creations and deletions left that were cut off. Any other file that the catalog does not list may be the last copy of
    /// someone's points, as where a catalog was restored from an older backup: it stays, and the log says so.
    /// </summary>
    public void CleanUp(CatalogFile catalog, IEnumerable<StoredCollection> stored)
    {
        var known = stored.Select(collection => collection.PointsFile).ToHashSet(StringComparer.Ordinal);
        foreach (var dropped in catalog.DroppedFiles())
        {
            if (!known.Add(dropped) || TryRemove(Path.Combine(directory, dropped))) catalog.ForgetDropped(dropped);
        }

        foreach (var path in Directory.EnumerateFiles(directory, $"*{Suffix}"))
        {
            if (known.Contains(Path.GetFileName(path))) continue;
            if (!HoldsNothing(path)) LogUnlisted(logger, path);
            else TryRemove(path);
        }
    }

    private static bool HoldsNothing(string path)
    {
        try
        {
            return PointFile.IsEmpty(path);
        }
        catch (Exception error) when (error is SqliteException or StorageException)
        {
            return false;
        }
    }

    [LoggerMessage(
        3002, LogLevel.Warning,
        "The points file '{Path}' belongs to no collection of the catalog and holds data; it stays. Restore the catalog that lists it, or remove it")]
    private static partial void LogUnlisted(ILogger logger, string path);
}
