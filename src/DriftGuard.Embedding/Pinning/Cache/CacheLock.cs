namespace DriftGuard.Embedding.Pinning.Cache;

/// <summary>
/// The right to change a cache: one process at a time. It is the operating system's lock on an open file, so it ends with the process
/// however that ends.
/// </summary>
internal static class CacheLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits until no other process changes the cache, and takes it.</summary>
    /// <param name="path">The file that is locked.</param>
    /// <param name="waiting">Told once, if another has it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async Task<IDisposable> AcquireAsync(string path, Action waiting, TimeProvider time, CancellationToken cancellation)
    {
        for (var told = false; ; told = true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                // FileShare.None is an exclusive flock on Linux and macOS.
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (IsHeldByAnother(e))
            {
                if (!told)
                    waiting();
            }

            await Task.Delay(Pause, time, cancellation);
        }
    }

    // EWOULDBLOCK is 11 on Linux and 35 on macOS; Windows says ERROR_SHARING_VIOLATION, 32.
    private static bool IsHeldByAnother(IOException error) =>
        (error.HResult & 0xFFFF) is var code && (OperatingSystem.IsWindows() ? code is 32 : OperatingSystem.IsMacOS() ? code is 35 : code is 11);
}
