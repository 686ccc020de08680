using System.Globalization;

namespace DriftGuard.Worker.Installation;

/// <summary>
/// The data folder: where everything is that DriftGuard keeps. One process at a time owns it; others find the owner's embedded
/// Qdrant through it.
/// </summary>
public sealed class DriftGuardInstallation
{
    private const string LockFileName = "driftguard.lock";
    /// <summary>The file beside the lock in which its holder has written itself down.</summary>
    internal const string HolderFileName = "driftguard.lock.json";
    private const string StateFileName = "state.db";

    private readonly LeaseHolderFile _holderFile;


    private DriftGuardInstallation(string dataDirectory)
    {
        DataDirectory = dataDirectory;
        _holderFile = new LeaseHolderFile(Path.Join(dataDirectory, HolderFileName));
    }

    /// <summary>The folder's absolute path.</summary>
    public string DataDirectory { get; }

    /// <summary>The folder of the embedded Qdrant's files.</summary>
    public string QdrantDirectory => Path.Join(DataDirectory, "qdrant");

    /// <summary>The database of the rollouts and what belongs to them.</summary>
    public string StateDatabase => Path.Join(DataDirectory, StateFileName);

    /// <summary>Whether something was installed in a folder; makes nothing.</summary>
    public static bool Exists(string dataDirectory) => File.Exists(Path.Join(Path.GetFullPath(dataDirectory), StateFileName));

    /// <summary>Opens the data folder, creates it where it is missing, and checks that it can be written.</summary>
    /// <param name="dataDirectory">The folder.</param>
    /// <returns>The installation; nothing is owned yet.</returns>
    /// <exception cref="InstallationException">The folder cannot be created or written.</exception>
    public static DriftGuardInstallation Open(string dataDirectory)
    {
        var folder = Path.GetFullPath(dataDirectory);
        DataFolder.Guard(folder, () =>
        {
            if (File.Exists(folder))
            {
                throw new InstallationException($"the data folder {folder} is a file; choose another with --data");
            }

            Create(folder);
            Probe(folder);
        });
        return new DriftGuardInstallation(folder);
    }

    /// <summary>Takes the folder if nobody else has it.</summary>
    /// <param name="role">What this process does, for others to read, such as <c>serve</c>.</param>
    /// <param name="time">Says when the folder was taken.</param>
    /// <param name="lease">The lease, where it was taken.</param>
    /// <param name="holder">Who has it otherwise; null where the owner has not yet written itself down.</param>
    /// <returns>Whether the folder was taken.</returns>
    /// <exception cref="InstallationException">The lock file cannot be opened or written.</exception>
    public bool TryAcquire(
        string role, TimeProvider time, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out InstallationLease? lease, out LeaseHolder? holder)
    {
        (lease, holder) = (null, null);
        if (DataFolder.Guard(DataDirectory, TryLock) is not { } file)
        {
            holder = _holderFile.Read();
            return false;
        }

        try
        {
            var self = new LeaseHolder(Environment.ProcessId, Environment.MachineName, role, time.GetUtcNow(), QdrantAddress: null);
            DataFolder.Guard(DataDirectory, () => _holderFile.Write(self));
            lease = new InstallationLease(file, _holderFile, self);
            return true;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Takes the folder.</summary>
    /// <inheritdoc cref="TryAcquire" path="/param"/>
    /// <returns>The lease.</returns>
    /// <exception cref="InstallationInUseException">Another process has it.</exception>
    /// <exception cref="InstallationException">The lock file cannot be opened or written.</exception>
    public InstallationLease Acquire(string role, TimeProvider time) =>
        TryAcquire(role, time, out var lease, out var holder) ? lease : throw new InstallationInUseException(DataDirectory, holder);

    // FileShare.None is an exclusive flock on Linux and macOS: it belongs to the open file, and the kernel drops it at kill -9.
    private FileStream? TryLock()
    {
        try
        {
            return new FileStream(Path.Join(DataDirectory, LockFileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (IsHeldByAnother(error))
        {
            return null;
        }
    }

    // EWOULDBLOCK is 11 on Linux and 35 on macOS; Windows says ERROR_SHARING_VIOLATION, 32.
    private static bool IsHeldByAnother(IOException error) =>
        (error.HResult & 0xFFFF) is var code && (OperatingSystem.IsWindows() ? code is 32 : OperatingSystem.IsMacOS() ? code is 35 : code is 11);

    private static void Create(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            // The documents' texts are in here: readable for the owner and the group only.
            Directory.CreateDirectory(
                folder,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
        }
    }

    // A folder can look writable and not be: a full disk, a read-only mount, a quota.
    private static void Probe(string folder)
    {
        var probe = Path.Join(folder, string.Create(CultureInfo.InvariantCulture, $".probe-{Environment.ProcessId}-{Guid.NewGuid():N}"));
        using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        file.Write(new byte[4096]);
        file.Flush(flushToDisk: true);
    }
}
