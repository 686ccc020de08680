using DriftGuard.Embedding.Tokenization;

namespace DriftGuard.Embedding.Http;

/// <summary>Finds how much of a text a model takes, in characters: a server gets text, and tokens of half a character are none.</summary>
internal sealed class TextCutter(ITextTokenizer tokenizer, int maxTokens)
{
    // More than that fits seldom; where it does, more is tried.
    private const int CharactersPerToken = 8;

    private readonly int _room = maxTokens - tokenizer.Opening.Length - tokenizer.Closing.Length;

    /// <summary>Whether a text has any.</summary>
    public bool HasTokens(string text) => tokenizer.Append(text, limit: 0, new());

    /// <summary>The longest beginning of a text that fits behind a prefix; all of it where all fits.</summary>
    /// <returns>Its characters, and its tokens with prefix and special tokens.</returns>
    public (int Length, int Tokens) Cut(string prefix, string text)
    {
        var window = WithoutHalfPair(text, Math.Min(text.Length, _room * CharactersPerToken));
        while (window < text.Length && Fits(prefix, text, window))
            window = WithoutHalfPair(text, Math.Min(text.Length, 2 * window));
        var length = Fits(prefix, text, window) ? window : LongestThatFits(prefix, text, window);
        return (length, Count(prefix, text, length));
    }

    /// <summary>By halving. More characters can have fewer tokens, but what is returned was tried.</summary>
    private int LongestThatFits(string prefix, string text, int tooLong)
    {
        var fits = 0;
        while (tooLong - fits > 1)
        {
            var middle = WithoutHalfPair(text, fits + ((tooLong - fits) / 2));
            if (middle == fits)
                middle = fits + 2;
            if (middle >= tooLong)
                break;
            if (Fits(prefix, text, middle))
                fits = middle;
            else
                tooLong = middle;
        }

        return fits;
    }

    private bool Fits(string prefix, string text, int length) => !tokenizer.Append(string.Concat(prefix, text.AsSpan(0, length)), _room, new());

    private int Count(string prefix, string text, int length)
    {
        var ids = new TokenBuffer();
        tokenizer.Append(string.Concat(prefix, text.AsSpan(0, length)), _room, ids);
        return ids.Count + maxTokens - _room;
    }

    private static int WithoutHalfPair(string text, int length) =>
        length > 0 && length < text.Length && char.IsSurrogatePair(text[length - 1], text[length]) ? length - 1 : length;
}
