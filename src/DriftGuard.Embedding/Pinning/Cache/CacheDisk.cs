using System.Globalization;

namespace DriftGuard.Embedding.Pinning.Cache;

/// <summary>The disk under a cache: its room, its errors, and files that are not to be written.</summary>
internal static class CacheDisk
{
    // errno values that .NET puts into the low bits of HResult on Linux and macOS; ERROR_DISK_FULL on Windows.
    private const int NoSpaceLeft = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int DiskFullWindows = 112;

    // Folders, model.yaml, and whatever else writes to the disk meanwhile.
    private const long Slack = 16 << 20;

    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Refuses a download that the disk has no room for.</summary>
    /// <param name="model">The model, for the message.</param>
    /// <param name="bytes">What is still to come.</param>
    /// <param name="directory">The cache.</param>
    /// <param name="free">Free bytes of the disk of a folder.</param>
    /// <exception cref="PinningException">There is too little room.</exception>
    public static void CheckRoom(string model, long bytes, string directory, Func<string, long> free)
    {
        if (bytes == 0 || free(directory) is var room && room >= bytes + Slack)
            return;
        throw new PinningException(PinningFailure.Unavailable,
            $"'{model}' needs {Megabytes(bytes + Slack)} in {directory}, and {Megabytes(room)} are free there: free some space, or set models.cache to another disk.");
    }

    /// <summary>Free bytes of the disk of a folder; as good as endless where the system does not say.</summary>
    public static long FreeBytes(string directory)
    {
        try
        {
            return new DriveInfo(directory).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return long.MaxValue / 2;
        }
    }

    /// <summary>Runs work on the cache, and says which folder an error of the disk is about.</summary>
    public static async Task<T> GuardAsync<T>(string directory, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new PinningException(PinningFailure.Unavailable, $"the model cache {directory} cannot be written: {e.Message} Change its owner, or set models.cache.", e);
        }
        catch (IOException e)
        {
            throw new PinningException(PinningFailure.Unavailable, (e.HResult & 0xFFFF) switch
            {
                NoSpaceLeft or DiskFullWindows => $"no space is left on the disk of the model cache {directory}: free some, or set models.cache to another disk. What was downloaded is kept.",
                ReadOnlyFileSystem => $"the model cache {directory} is on a read-only file system: set models.cache to a folder that can be written.",
                _ => $"the model cache {directory} cannot be used: {e.Message}",
            }, e);
        }
    }

    /// <summary>Makes a file one that is not changed by mistake.</summary>
    public static void MakeReadOnly(string file)
    {
        if (OperatingSystem.IsWindows())
            File.SetAttributes(file, FileAttributes.ReadOnly);
        else
            File.SetUnixFileMode(file, ReadOnly);
    }

    /// <summary>Deletes a folder, or the link that stands in its place, with files that are not to be written.</summary>
    public static void DeleteFolder(string directory)
    {
        if (OperatingSystem.IsWindows() && new DirectoryInfo(directory).LinkTarget is null)
        {
            foreach (var file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
                File.SetAttributes(file, FileAttributes.Normal);
        }

        Directory.Delete(directory, recursive: new DirectoryInfo(directory).LinkTarget is null);
    }

    public static void DeleteFile(string file)
    {
        if (OperatingSystem.IsWindows() && File.Exists(file))
            File.SetAttributes(file, FileAttributes.Normal);
        File.Delete(file);
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N0} MB");
}
