namespace DriftGuard.Worker.Installation;

/// <summary>Turns the operating system's errors about the data folder into sentences that say what to do.</summary>
internal static class DataFolder
{
    // errno values that .NET puts into the low bits of HResult on Linux and macOS.
    private const int NoSpaceLeft = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int QuotaExceededLinux = 122;

    /// <summary>Runs an action on the folder.</summary>
    /// <exception cref="InstallationException">The action failed with an error of the file system.</exception>
    public static T Guard<T>(string folder, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (UnauthorizedAccessException error)
        {
            throw new InstallationException(
                $"the data folder {folder} cannot be written by user '{Environment.UserName}'; change its owner or choose another with --data", error);
        }
        catch (IOException error)
        {
            throw new InstallationException($"the data folder {folder} cannot be used: {Reason(error)}", error);
        }
    }

    /// <inheritdoc cref="Guard{T}"/>
    public static void Guard(string folder, Action action) => Guard(folder, () =>
    {
        action();
        return true;
    });

    private static string Reason(IOException error) => (error.HResult & 0xFFFF) switch
    {
        NoSpaceLeft => "no space is left on its disk; free some or choose another with --data",
        QuotaExceededLinux => "its disk quota is used up; free some space or choose another with --data",
        ReadOnlyFileSystem => "its file system is read-only; choose another with --data",
        _ => error.Message,
    };
}
