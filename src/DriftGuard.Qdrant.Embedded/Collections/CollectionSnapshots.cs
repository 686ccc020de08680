using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DriftGuard.Qdrant.Embedded.Collections;

/// <summary>A snapshot on disk.</summary>
/// <param name="Name">Its file's name.</param>
/// <param name="At">When it was made.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Checksum">SHA-256, 64 hex digits.</param>
internal sealed record SnapshotOnDisk(string Name, DateTimeOffset At, long Bytes, string Checksum);

/// <summary>The snapshots of the collections of a data folder, in a folder of their own beside the points.</summary>
internal sealed class CollectionSnapshots(Catalog catalog, TimeProvider clock)
{
    private const string Suffix = ".snapshot";
    private const string ChecksumSuffix = ".checksum";
    private const string PartSuffix = ".part";

    /// <summary>Makes one of a collection; writes to it wait until it is made.</summary>
    public async Task<SnapshotOnDisk> CreateAsync(string collection, CancellationToken cancellationToken)
    {
        var found = catalog.Get(collection);
        var folder = Directory.CreateDirectory(FolderOf(found.Name)).FullName;
        var name = string.Create(CultureInfo.InvariantCulture, $"{clock.GetUtcNow():yyyy-MM-dd-HH-mm-ss}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}{Suffix}");
        var path = Path.Combine(folder, name);
        var part = path + PartSuffix;
        try
        {
            await found.SnapshotAsync(part, cancellationToken);
            await File.WriteAllTextAsync(path + ChecksumSuffix, await DigestAsync(part, cancellationToken), cancellationToken);
            File.Move(part, path);
        }
        finally
        {
            PointFiles.TryRemove(part);
        }

        return Of(path);
    }

    /// <summary>Those of a collection, oldest first.</summary>
    public IReadOnlyList<SnapshotOnDisk> List(string collection)
    {
        var folder = FolderOf(catalog.Get(collection).Name);
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, $"*{Suffix}").Select(Of).OrderBy(one => one.At).ThenBy(one => one.Name, StringComparer.Ordinal)] : [];
    }

    /// <summary>The file of one; null where there is none.</summary>
    public string? Find(string collection, string name)
    {
        // Names come from strangers: only one that is listed is a file.
        var folder = FolderOf(catalog.Get(collection).Name);
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, $"*{Suffix}").FirstOrDefault(path => string.Equals(Path.GetFileName(path), name, StringComparison.Ordinal)) : null;
    }

    /// <summary>Deletes one; false where there is none.</summary>
    public bool Delete(string collection, string name)
    {
        if (Find(collection, name) is not { } path) return false;
        File.Delete(path);
        File.Delete(path + ChecksumSuffix);
        return true;
    }

    /// <summary>Makes a collection of what somebody sends.</summary>
    /// <param name="collection">Its name, which nothing has yet.</param>
    /// <param name="content">A snapshot.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task RecoverAsync(string collection, Stream content, CancellationToken cancellationToken) => catalog.RecoverAsync(collection, async path =>
    {
        await using var file = new FileStream(path, FileMode.CreateNew);
        await content.CopyToAsync(file, cancellationToken);
    }, cancellationToken);

    /// <summary>A collection's name is what a user gave, and may be longer than a file's.</summary>
    private string FolderOf(string collection) => Path.Combine(catalog.Folder, "snapshots", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(collection))));

    private static SnapshotOnDisk Of(string path)
    {
        var file = new FileInfo(path);
        return new(file.Name, new DateTimeOffset(file.LastWriteTimeUtc), file.Length, File.ReadAllText(path + ChecksumSuffix));
    }

    private static async Task<string> DigestAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }
}
