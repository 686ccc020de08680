using System.Buffers;
using System.Globalization;
using System.Text;

namespace DriftGuard.Embedding.Tokenization.AddedTokens;

/// <summary>The characters of words as regular expressions of the reference have them: Unicode's \w (UTS #18, annex C).</summary>
internal static class WordCharacters
{
    public static bool StartsWith(ReadOnlySpan<char> text) => Rune.DecodeFromUtf16(text, out var rune, out _) == OperationStatus.Done && Are(rune);

    public static bool EndsWith(ReadOnlySpan<char> text) => Rune.DecodeLastFromUtf16(text, out var rune, out _) == OperationStatus.Done && Are(rune);

    private static bool Are(Rune rune) => Rune.IsLetter(rune) || rune.Value is 0x200C or 0x200D || IsCircledLetter(rune.Value)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation;

    /// <summary>Symbols that Unicode counts as alphabetic.</summary>
    private static bool IsCircledLetter(int value) =>
        value is (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189);
}
