namespace DriftGuard.Worker.Installation;

/// <summary>
/// The exclusive right to the data folder: an operating-system lock on an open file, so that it ends with the process however
/// that ends. Dispose it to give the folder back.
/// </summary>
public sealed class InstallationLease : IDisposable
{
    private readonly FileStream _lock;
    private readonly LeaseHolderFile _file;

    internal InstallationLease(FileStream @lock, LeaseHolderFile file, LeaseHolder holder)
    {
        (_lock, _file, Holder) = (@lock, file, holder);
    }

    /// <summary>This process, as others see it.</summary>
    public LeaseHolder Holder { get; private set; }

    /// <summary>Tells other processes where the embedded Qdrant of this one answers.</summary>
    /// <param name="address">Its gRPC address.</param>
    /// <exception cref="InstallationException">The file beside the lock cannot be written.</exception>
    public void Publish(Uri address) => Write(Holder with { QdrantAddress = address });

    /// <summary>Tells other processes which rollout this one runs.</summary>
    /// <param name="rolloutId">The rollout.</param>
    /// <exception cref="InstallationException">The file beside the lock cannot be written.</exception>
    public void Publish(string rolloutId) => Write(Holder with { RolloutId = rolloutId });

    /// <summary>Gives the folder back.</summary>
    public void Dispose()
    {
        try
        {
            // While the lock is still held: afterwards the file may already be another process's.
            _file.Delete();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Left behind it misleads nobody: without the lock it is not read.
        }

        _lock.Dispose();
    }

    private void Write(LeaseHolder holder)
    {
        Holder = holder;
        DataFolder.Guard(Path.GetDirectoryName(_lock.Name)!, () => _file.Write(Holder));
    }
}
