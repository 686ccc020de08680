namespace DriftGuard.Embedding.Tokenization;

/// <summary>A text as the model gets it.</summary>
/// <param name="Index">Its position in the call.</param>
/// <param name="Buffer">Where its ids are.</param>
/// <param name="Start">Where in the buffer they begin.</param>
/// <param name="Length">How many there are, [CLS] and [SEP] included.</param>
/// <param name="Truncated">Whether there were more.</param>
internal readonly record struct TokenisedText(int Index, TokenBuffer Buffer, int Start, int Length, bool Truncated)
{
    public ReadOnlySpan<int> Ids => Buffer.Slice(Start, Length);
}
