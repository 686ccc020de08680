using System.Text;
using System.Text.RegularExpressions;
using DriftGuard.Embedding.Tokenization.Normalisation;

namespace DriftGuard.Embedding.Tokenization.BytePairs;

/// <summary>Text to ids as byte-level tokenizers do it: words by a pattern, then pairs of their bytes. Thread-safe.</summary>
/// <param name="normaliser">What rewrites the text before.</param>
/// <param name="pattern">The pattern of words; <see langword="null"/> where text is not split.</param>
/// <param name="putsSpaceBefore">Whether a text that does not begin with a space gets one.</param>
/// <param name="pieces">Words to ids.</param>
internal sealed class BytePairTextModel(TextNormaliser normaliser, Regex? pattern, bool putsSpaceBefore, BytePairPieces pieces) : ITextModel
{
    private readonly WordCache _words = new(1 << 15);

    /// <summary>A space belongs to the word after it.</summary>
    public bool SeparatesAt(char last) => false;

    public string Normalise(ReadOnlySpan<char> text) => normaliser.Normalise(text);

    public bool Append(ReadOnlySpan<char> text, int limit, TokenBuffer ids) =>
        AppendNormalised(normaliser.IsEmpty ? text : normaliser.Normalise(text), limit, ids);

    public bool AppendNormalised(ReadOnlySpan<char> text, int limit, TokenBuffer ids)
    {
        if (text.IsEmpty)
            return false;
        if (putsSpaceBefore && text[0] != ' ')
            text = $" {text}";
        if (pattern is null)
            return AppendWord(text, limit, ids.Count, ids);
        return StandIns.AreNeeded(text) ? AppendByStandIns(text, limit, ids) : AppendWords(text, limit, ids);
    }

    private bool AppendWords(ReadOnlySpan<char> text, int limit, TokenBuffer ids)
    {
        var first = ids.Count;
        foreach (var match in pattern!.EnumerateMatches(text))
        {
            if (AppendWord(text.Slice(match.Index, match.Length), limit, first, ids))
                return true;
        }

        return false;
    }

    private bool AppendByStandIns(ReadOnlySpan<char> text, int limit, TokenBuffer ids)
    {
        var first = ids.Count;
        foreach (var match in pattern!.EnumerateMatches(StandIns.In(text)))
        {
            var length = 0;
            for (var i = 0; i < match.Length; i++)
                length += char.IsHighSurrogate(text[length]) ? 2 : 1;
            if (AppendWord(text[..length], limit, first, ids))
                return true;
            text = text[length..];
        }

        return false;
    }

    private bool AppendWord(ReadOnlySpan<char> word, int limit, int first, TokenBuffer ids)
    {
        var hash = WordCache.Hash(word);
        if (!_words.TryAppend(word, hash, ids))
        {
            var start = ids.Count;
            var bytes = new byte[Encoding.UTF8.GetMaxByteCount(word.Length)];
            var characters = Encoding.Latin1.GetString(bytes.AsSpan(0, Encoding.UTF8.GetBytes(word, bytes)));
            pieces.Append(characters, ids);
            _words.Keep(word, hash, ids.Slice(start, ids.Count - start));
        }

        if (ids.Count - first <= limit)
            return false;
        ids.CutAt(first + limit);
        return true;
    }
}
