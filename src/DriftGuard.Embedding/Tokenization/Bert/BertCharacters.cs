using System.Globalization;
using System.Text;

namespace DriftGuard.Embedding.Tokenization.Bert;

/// <summary>
/// The character classes of BERT's basic tokenizer, as Hugging Face's <c>BertNormalizer</c> and <c>BertPreTokenizer</c> have
/// them, since the ids of published models come from those.
/// </summary>
internal static class BertCharacters
{
    /// <summary>
    /// White space that separates words. The control characters that .NET counts as white space (U+000B, U+000C, U+0085) are
    /// removed instead of separating.
    /// </summary>
    public static bool IsSeparator(char c) =>
        c <= ' ' ? c is ' ' or '\t' or '\n' or '\r' : c > '\u0085' && char.IsWhiteSpace(c);

    /// <summary>What is dropped without a trace: NUL, U+FFFD, control, format and private-use characters; not unassigned ones.</summary>
    public static bool IsRemoved(Rune rune) => rune.Value is 0 or 0xFFFD
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse;

    /// <summary>
    /// What is a token of its own: every ASCII symbol, and Unicode's punctuation elsewhere, with U+166D, which it once was.
    /// </summary>
    public static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? rune.Value is (>= '!' and <= '/') or (>= ':' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~')
        : rune.Value == 0x166D || Rune.IsPunctuation(rune);

    /// <summary>
    /// CJK ideographs, each a word of its own; Hangul and kana are not among them. The reference leaves out the first 256 of extension E.
    /// </summary>
    public static bool IsIdeograph(Rune rune) => rune.Value is
        (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
