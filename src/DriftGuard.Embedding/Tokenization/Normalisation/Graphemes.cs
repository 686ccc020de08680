using System.Globalization;

namespace DriftGuard.Embedding.Tokenization.Normalisation;

/// <summary>Which characters stand alone: beside each other they are never one grapheme cluster (UAX #29).</summary>
internal static class Graphemes
{
    private static readonly bool[] Alone = [.. Enumerable.Range(char.MinValue, char.MaxValue + 1).Select(c => StandsAlone((char)c))];

    /// <summary>Whether there is a border on both sides of it, as long as its neighbours stand alone too.</summary>
    public static bool AreApartAt(char c) => Alone[c];

    private static bool StandsAlone(char c) => !char.IsSurrogate(c) && c is not ('\r' or '\n')
        && LengthOfFirst(['a', c]) == 1 && LengthOfFirst([c, 'a']) == 1 && LengthOfFirst([c, c]) == 1;

    private static int LengthOfFirst(ReadOnlySpan<char> text) => StringInfo.GetNextTextElementLength(text);
}
