using System.Runtime.InteropServices;

namespace DriftGuard.Embedding.Tokenization.BytePairs;

/// <summary>Which neighbours become one token, and which of them first.</summary>
internal interface IByteMerges
{
    /// <summary>The token that a whole word is, without asking for its merges; less than 0 if it is none.</summary>
    int WholeWord(ReadOnlySpan<char> bytes);

    /// <summary>The token of one byte.</summary>
    int OfByte(char value);

    /// <summary>Looks a pair up.</summary>
    /// <param name="left">The token on the left.</param>
    /// <param name="right">The token on the right.</param>
    /// <param name="bytes">The bytes of both.</param>
    /// <param name="merge">What they become.</param>
    bool TryFind(int left, int right, ReadOnlySpan<char> bytes, out ByteMerge merge);
}

/// <summary>Two tokens that become one.</summary>
/// <param name="Rank">Less is done first.</param>
/// <param name="Id">The token they become.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ByteMerge(int Rank, int Id);
