using System.Runtime.InteropServices;

namespace DriftGuard.Embedding.Pinning.Cache;

/// <summary>A second name for the bytes of a file; a copy where the file system has no such thing.</summary>
internal static partial class HardLink
{
    /// <summary>Makes the file. Nothing may be there yet.</summary>
    /// <exception cref="IOException">Neither a link nor a copy can be made.</exception>
    public static void Create(string existing, string path)
    {
        if (!TryLink(existing, path))
            Copy(existing, path);
    }

    private static bool TryLink(string existing, string path)
    {
        try
        {
            return OperatingSystem.IsWindows() ? CreateHardLink(path, existing, IntPtr.Zero) : Link(existing, path) == 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Copies to the disk itself: the folder that appears by a rename must not be emptier after a power cut.</summary>
    internal static void Copy(string existing, string path)
    {
        using var source = File.OpenRead(existing);
        using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        source.CopyTo(target);
        target.Flush(flushToDisk: true);
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string existing, string path);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string path, string existing, IntPtr securityAttributes);
}
