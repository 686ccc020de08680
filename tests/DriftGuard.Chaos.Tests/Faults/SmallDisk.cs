using System.Diagnostics;
using System.Globalization;

namespace DriftGuard.Chaos.Tests.Faults;

/// <summary>A disk of a few MiB in memory, which can be filled up and freed again.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int ChunkBytes = 4096;

    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    private string Filler => Path.Join(_folder, "filler");

    /// <summary>Mounts it; a machine that lets nobody mount skips the test and says so.</summary>
    public static SmallDisk Mount(string folder, int mebibytes)
    {
        Directory.CreateDirectory(folder);
        var size = string.Create(CultureInfo.InvariantCulture, $"size={mebibytes}m");
        if (!Run("mount", "-t", "tmpfs", "-o", size, "tmpfs", folder))
            Assert.Skip("a small disk is mounted, which takes root and the right to mount");
        return new(folder);
    }

    /// <summary>Writes until nothing fits any more.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var chunk = new byte[ChunkBytes];
        try
        {
            while (true)
                file.Write(chunk);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Makes room again.</summary>
    public void Free() => File.Delete(Filler);

    public void Dispose() => Run("umount", "--lazy", _folder);

    private static bool Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
