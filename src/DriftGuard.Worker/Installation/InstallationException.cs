namespace DriftGuard.Worker.Installation;

/// <summary>The data folder cannot be used: no permission, no space, not a folder, in use.</summary>
public class InstallationException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong with which folder and what to do.</param>
    /// <param name="innerException">The operating system's error.</param>
    public InstallationException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
