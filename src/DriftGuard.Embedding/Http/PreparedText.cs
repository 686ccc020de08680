namespace DriftGuard.Embedding.Http;

/// <summary>A text, or a chunk of one, as it is sent.</summary>
/// <param name="Destination">Where its outcome goes.</param>
/// <param name="Index">Its place there.</param>
/// <param name="Text">The text with its prefix.</param>
/// <param name="Tokens">Its tokens, counted or estimated.</param>
/// <param name="Truncated">Whether there was more of it.</param>
internal readonly record struct PreparedText(EmbeddingOutcome[] Destination, int Index, string Text, int Tokens, bool Truncated)
{
    /// <summary>Its outcome where it has no vector.</summary>
    public void Fail(string reason) => Destination[Index] = EmbeddingOutcome.Failed(reason, Tokens, Truncated);
}
