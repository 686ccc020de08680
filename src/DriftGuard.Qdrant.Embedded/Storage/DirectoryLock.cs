using System.Globalization;

namespace DriftGuard.Qdrant.Embedded.Storage;

/// <summary>
/// Holds a data folder for this process: an operating-system lock on a file in it, which ends with the process however that ends, so that
/// a killed server leaves nothing stale behind. A file beside it names the holder's process id for the one who is refused.
/// </summary>
internal sealed class DirectoryLock : IDisposable
{
    private const string LockName = "server.lock";
    private const string HolderName = "server.pid"; // apart from the lock, whose file nobody else can open
    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    public static DirectoryLock Take(string directory)
    {
        FileStream? file = null;
        try
        {
            Directory.CreateDirectory(directory);
            file = Lock(directory);
            File.WriteAllText(Path.Combine(directory, HolderName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new DirectoryLock(file);
        }
        catch (UnauthorizedAccessException error)
        {
            file?.Dispose();
            throw new EmbeddedQdrantException(
                $"The data folder '{directory}' of the embedded Qdrant cannot be written: {error.Message} Grant access to it, or configure another folder.", error);
        }
        catch (IOException error)
        {
            file?.Dispose();
            throw new EmbeddedQdrantException(
                $"The data folder '{directory}' of the embedded Qdrant cannot be used: {error.Message} Free space there, or configure another folder.", error);
        }
    }

    private static FileStream Lock(string directory)
    {
        var path = Path.Combine(directory, LockName);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException error) when (File.Exists(path))
        {
            throw new EmbeddedQdrantException(
                $"The data folder '{directory}' of the embedded Qdrant is in use by {Holder(directory)}. Stop that one, or configure another folder.", error);
        }
    }

    public void Dispose() => _file.Dispose();

    private static string Holder(string directory)
    {
        try
        {
            return $"process {File.ReadAllText(Path.Combine(directory, HolderName))}";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
