namespace DriftGuard.Worker.Installation;

/// <summary>Another process holds the data folder.</summary>
/// <param name="dataDirectory">The folder.</param>
/// <param name="holder">The other process, where it has said who it is.</param>
public sealed class InstallationInUseException(string dataDirectory, LeaseHolder? holder) : InstallationException(
    $"another process ({holder?.ToString() ?? "unknown"}) uses {dataDirectory}; stop it or choose another folder with --data")
{
    /// <summary>The other process, where it has said who it is.</summary>
    public LeaseHolder? Holder { get; } = holder;
}
