using DriftGuard.Embedding.Pinning.Hub;
using DriftGuard.Embedding.Specs;

namespace DriftGuard.Embedding.Pinning.Cache;

/// <summary>
/// Models on this disk. <c>blobs/sha256/{hex}</c> are files by their bytes, read-only; <c>models/{name}</c> is an ordinary model folder
/// whose files are further names of those. Both appear by one rename, so what is there is whole. Who changes the cache holds its lock.
/// </summary>
internal sealed class ModelCache
{
    // Of a model that was removed; of one that another was put in the place of.
    private const string Removed = ".gone";
    private const string Aside = ".old";
    private const string Unfinished = ".new";

    private readonly string _blobs;
    private readonly string _incoming;

    public ModelCache(string directory)
    {
        Directory = Path.GetFullPath(directory);
        (_blobs, _incoming) = (Path.Join(Directory, "blobs", "sha256"), Path.Join(Directory, "incoming"));
    }

    public string Directory { get; }

    /// <summary>The folder of the model folders of a cache: a root to search for models.</summary>
    public static string ModelsOf(string cacheDirectory) => Path.Join(Path.GetFullPath(cacheDirectory), "models");

    /// <summary>Takes the cache for this process, and clears what a killed one left half.</summary>
    public async Task<IDisposable> LockAsync(Action waiting, TimeProvider time, CancellationToken cancellation)
    {
        foreach (var folder in (string[])[_blobs, _incoming, ModelsOf(Directory)])
            System.IO.Directory.CreateDirectory(folder);
        var held = await CacheLock.AcquireAsync(Path.Join(Directory, ".lock"), waiting, time, cancellation);
        try
        {
            foreach (var folder in System.IO.Directory.GetDirectories(_incoming))
                PutBackOrDelete(folder);
        }
        catch
        {
            held.Dispose();
            throw;
        }

        return held;
    }

    public string FolderOf(string name) => Path.Join(ModelsOf(Directory), ModelFileNames.CheckModelName(name));

    public bool Has(string name) => File.Exists(Path.Join(FolderOf(name), ModelSpecFile.Name));

    public string BlobOf(string sha256) => Path.Join(_blobs, sha256);

    /// <summary>Where a download is gathered, under the name that it will be found by again.</summary>
    public string PartOf(HubFile file) => Path.Join(_incoming, (file.Digest is { } digest
        ? $"{digest.Algorithm.ToString().ToLowerInvariant()}-{digest.Hex}"
        : $"path-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{file.Repository} {file.Commit} {file.Path}")))}") + ".part");

    /// <summary>Whether the bytes of a digest are here. They are read: a file that was damaged is removed, and so fetched again.</summary>
    public async Task<bool> HasBlobAsync(string sha256, CancellationToken cancellation)
    {
        var blob = BlobOf(sha256);
        if (!File.Exists(blob))
            return false;
        if ((await BlobNames.OfFileAsync(blob, cancellation)).Sha256 == sha256)
            return true;
        CacheDisk.DeleteFile(blob);
        return false;
    }

    /// <summary>Takes a file over as a blob; its bytes are on the disk and digested.</summary>
    public void Keep(string part, string sha256)
    {
        CacheDisk.MakeReadOnly(part);
        CacheDisk.DeleteFile(BlobOf(sha256));
        File.Move(part, BlobOf(sha256));
    }

    /// <summary>Copies a file from elsewhere into the blobs.</summary>
    /// <exception cref="PinningException">Its bytes are others, or changed meanwhile.</exception>
    public async Task CopyAsync(string source, string sha256, CancellationToken cancellation)
    {
        if (await HasBlobAsync(sha256, cancellation))
            return;
        var part = Path.Join(_incoming, $"sha256-{sha256}.copy");
        File.Delete(part);
        HardLink.Copy(source, part);
        var names = await BlobNames.OfFileAsync(part, cancellation);
        if (names.Sha256 != sha256)
        {
            File.Delete(part);
            throw new PinningException(PinningFailure.Refused, $"{source} has other bytes than expected: expected SHA-256 {sha256}, found {names.Sha256}.");
        }

        Keep(part, sha256);
    }

    /// <summary>Makes a model folder out of blobs, in a place where nobody looks for models.</summary>
    /// <returns>The folder, to be examined and then shown, or deleted.</returns>
    public string Assemble(string name, string modelYaml, IEnumerable<(string Path, string Sha256)> files)
    {
        var folder = Path.Join(_incoming, $"{name}.{Guid.NewGuid():N}{Unfinished}");
        System.IO.Directory.CreateDirectory(folder);
        foreach (var (path, sha256) in files)
        {
            var target = Path.Join(folder, path);
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            HardLink.Create(BlobOf(sha256), target);
        }

        using var spec = new FileStream(Path.Join(folder, ModelSpecFile.Name), FileMode.CreateNew, FileAccess.Write, FileShare.None);
        spec.Write(System.Text.Encoding.UTF8.GetBytes(modelYaml));
        spec.Flush(flushToDisk: true);
        return folder;
    }

    /// <summary>Shows an assembled folder under its name, in place of what is there, which stays aside until the caller keeps the new one.</summary>
    public FolderExchange Show(string assembled, string name) => FolderExchange.Begin(FolderOf(name), assembled, AsideOf(name, Aside));

    /// <summary>Removes a model, every blob that no other needs, and downloads that were never finished.</summary>
    public void Remove(string name)
    {
        Hide(name);
        foreach (var file in System.IO.Directory.EnumerateFiles(_incoming))
            CacheDisk.DeleteFile(file);
        RemoveUnusedBlobs();
    }

    /// <summary>Removes blobs that no model folder names; none where a folder cannot be read, for it may name any.</summary>
    public void RemoveUnusedBlobs()
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var folder in System.IO.Directory.EnumerateDirectories(ModelsOf(Directory)))
        {
            try
            {
                used.UnionWith(ModelYaml.Read(folder).Files.Select(file => file.Sha256));
            }
            catch (Exception e) when (e is PinningException or IOException or UnauthorizedAccessException)
            {
                return;
            }
        }

        foreach (var blob in System.IO.Directory.EnumerateFiles(_blobs).Where(blob => !used.Contains(Path.GetFileName(blob))))
            CacheDisk.DeleteFile(blob);
    }

    private void Hide(string name)
    {
        if (!System.IO.Directory.Exists(FolderOf(name)))
            return;
        var aside = AsideOf(name, Removed);
        System.IO.Directory.Move(FolderOf(name), aside);
        CacheDisk.DeleteFolder(aside);
    }

    private string AsideOf(string name, string why) => Path.Join(_incoming, $"{name}.{Guid.NewGuid():N}{why}");

    /// <summary>Clears a folder of a killed process; the model that was to be replaced comes back where its successor never came.</summary>
    private void PutBackOrDelete(string folder)
    {
        // NAME.GUID.old: the name itself may have dots.
        if (Path.GetExtension(folder) == Aside
            && Path.GetFileNameWithoutExtension(Path.GetFileNameWithoutExtension(folder)) is { Length: > 0 } name
            && FolderOf(name) is var place && !System.IO.Directory.Exists(place))
        {
            System.IO.Directory.Move(folder, place);
        }
        else
        {
            CacheDisk.DeleteFolder(folder);
        }
    }
}
