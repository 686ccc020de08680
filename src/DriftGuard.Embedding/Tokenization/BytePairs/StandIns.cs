using System.Globalization;
using System.Text;

namespace DriftGuard.Embedding.Tokenization.BytePairs;

/// <summary>
/// Regular expressions of .NET see UTF-16 units, and so no letters or digits beyond U+FFFF. For them such a code point is replaced by a
/// character of one unit and the same category, which is in no pattern by itself.
/// </summary>
internal static class StandIns
{
    /// <summary>Whether a text has code points of two units.</summary>
    public static bool AreNeeded(ReadOnlySpan<char> text) => text.IndexOfAnyInRange('\ud800', '\udfff') >= 0;

    /// <summary>A text of as many units as <paramref name="text"/> has code points.</summary>
    public static string In(ReadOnlySpan<char> text)
    {
        var replaced = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            replaced.Append(rune.IsBmp ? (char)rune.Value : For(Rune.GetUnicodeCategory(rune)));
        return replaced.ToString();
    }

    private static char For(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => '\u0100',
        UnicodeCategory.LowercaseLetter => '\u0101',
        UnicodeCategory.TitlecaseLetter => '\u01c5',
        UnicodeCategory.ModifierLetter => '\u02b0',
        UnicodeCategory.OtherLetter => '\u05d0',
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => '\u0301',
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => '\u0661',
        _ => '\u00a7',
    };
}
