namespace DriftGuard.Embedding;

/// <summary>
/// A text that has no vector, where the caller's interface has no place for a failure by text.
/// </summary>
public sealed class EmbeddingException : Exception
{
    /// <summary>Creates the exception for the first text that failed.</summary>
    /// <param name="index">Its position among the texts given, from 0.</param>
    /// <param name="reason">Why, as in <see cref="EmbeddingOutcome.Failure"/>.</param>
    public EmbeddingException(int index, string reason)
        : base($"Text {index} has no vector: {reason}. Use EmbedAsync to get the vectors of the other texts.")
    {
        Index = index;
        Reason = reason;
    }

    /// <summary>Position of the text among the texts given, from 0.</summary>
    public int Index { get; }

    /// <summary>Why it has no vector.</summary>
    public string Reason { get; }
}
