using System.Runtime.InteropServices;

namespace DriftGuard.Embedding.Tokenization;

/// <summary>A text, or a chunk of one, as the model gets it.</summary>
/// <param name="Destination">Where its outcome goes.</param>
/// <param name="Index">Its place there.</param>
/// <param name="Buffer">Where its ids are.</param>
/// <param name="Range">Which of them.</param>
/// <param name="Truncated">Whether there were more.</param>
internal readonly record struct TokenisedText(EmbeddingOutcome[] Destination, int Index, TokenBuffer Buffer, TokenRange Range, bool Truncated)
{
    /// <summary>Number of ids, special tokens included.</summary>
    public int Length => Range.Length;

    public ReadOnlySpan<int> Ids => Buffer.Slice(Range.Start, Range.Length);
}

/// <summary>A part of a <see cref="TokenBuffer"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TokenRange(int Start, int Length);
