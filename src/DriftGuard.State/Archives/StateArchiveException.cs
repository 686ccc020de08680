namespace DriftGuard.State.Archives;

/// <summary>A backup of the state cannot be used: damaged, of a later version, or none at all. Nothing was changed.</summary>
public sealed class StateArchiveException : Exception
{
    /// <summary>Creates one with a message for people.</summary>
    public StateArchiveException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
