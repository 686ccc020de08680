namespace DriftGuard.Qdrant.Embedded;

/// <summary>
/// The embedded server cannot start: its folder is held by another process, cannot be written or is damaged, or its address is taken.
/// The message names the folder or address and what to do, and is meant for the user.
/// </summary>
public sealed class EmbeddedQdrantException : Exception
{
    public EmbeddedQdrantException()
    {
    }

    public EmbeddedQdrantException(string message) : base(message)
    {
    }

    public EmbeddedQdrantException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
