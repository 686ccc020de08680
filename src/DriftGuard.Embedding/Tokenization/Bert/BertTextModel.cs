using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using DriftGuard.Embedding.Tokenization.Normalisation;
using Microsoft.ML.Tokenizers;

namespace DriftGuard.Embedding.Tokenization.Bert;

/// <summary>
/// Text to ids as Hugging Face's BERT tokenizer does it: cleaning, ideographs apart, accents, case, words and punctuation; then
/// WordPiece by <see cref="WordPieceTokenizer"/>. Thread-safe.
/// </summary>
/// <remarks>
/// <see cref="Microsoft.ML.Tokenizers.BertTokenizer"/> does all of it too, but (2.0.1) drops symbols such as + and €, keeps U+200B
/// and tabs inside words, and does not decompose Hangul: 18 of 63 reference cases differ. Only its WordPiece is used.
/// </remarks>
internal sealed class BertTextModel : ITextModel
{
    private readonly WordPieceTokenizer _wordPiece;
    private readonly BertSettings _settings;
    private readonly int _unknown;
    private readonly WordCache _words = new(1 << 15);
    private readonly WordCache _pieces = new(1 << 14);

    private BertTextModel(WordPieceTokenizer wordPiece, BertSettings settings, int unknown)
    {
        _wordPiece = wordPiece;
        _settings = settings;
        _unknown = unknown;
    }

    /// <summary>Makes the model from a vocabulary of one token a line, the line number from 0 is the id.</summary>
    /// <exception cref="InvalidDataException">The vocabulary lacks what BERT needs, or the runtime lacks Unicode data.</exception>
    public static BertTextModel Create(byte[] vocabulary, int unknown, BertSettings settings)
    {
        if (settings.StripAccents)
            UnicodeData.ThrowIfMissing();
        using var stream = new MemoryStream(vocabulary);
        var options = new WordPieceOptions
        {
            UnknownToken = settings.UnknownToken,
            ContinuingSubwordPrefix = settings.ContinuationPrefix,
            MaxInputCharsPerWord = 2 * settings.LongestWord,
        };
        try
        {
            return new(WordPieceTokenizer.Create(stream, options), settings, unknown);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"the vocabulary cannot be read: {e.Message}", e);
        }
    }

    public bool SeparatesAt(char last) => BertCharacters.IsSeparator(last);

    public bool Append(ReadOnlySpan<char> text, int limit, TokenBuffer ids)
    {
        var (start, block) = (0, 0);
        var most = (int)Math.Min(int.MaxValue, (long)ids.Count + limit);
        var characters = MemoryMarshal.Cast<char, ushort>(text);
        for (; block <= text.Length - Vector256<ushort>.Count; block += Vector256<ushort>.Count)
        {
            // Whatever may separate, sixteen characters at a time; beyond ASCII only a look at the character itself can tell.
            var vector = Vector256.Create(characters[block..]);
            var candidates = (Vector256.LessThanOrEqual(vector, Vector256.Create((ushort)' '))
                | Vector256.GreaterThan(vector, Vector256.Create((ushort)0x7f))).ExtractMostSignificantBits();
            for (; candidates != 0; candidates &= candidates - 1)
            {
                var at = block + BitOperations.TrailingZeroCount(candidates);
                if ((text[at] == ' ' || BertCharacters.IsSeparator(text[at])) && !AppendWord(text, ref start, at, most, ids))
                    return true;
            }
        }

        for (; block < text.Length; block++)
        {
            if (BertCharacters.IsSeparator(text[block]) && !AppendWord(text, ref start, block, most, ids))
                return true;
        }

        return !AppendWord(text, ref start, text.Length, most, ids);
    }

    public string Normalise(ReadOnlySpan<char> text)
    {
        var normalised = new StringBuilder(text.Length);
        for (var start = 0; start < text.Length;)
        {
            var length = 0;
            while (start + length < text.Length && !BertCharacters.IsSeparator(text[start + length]))
                length++;
            foreach (var rune in NormaliseWord(text.Slice(start, length)).EnumerateRunes())
                normalised.Append(BertCharacters.IsIdeograph(rune) ? $" {rune} " : rune.ToString());
            start += length;
            if (start < text.Length)
                normalised.Append(' ');
            start++;
        }

        return normalised.ToString();
    }

    /// <summary>Normalising twice is normalising once.</summary>
    public bool AppendNormalised(ReadOnlySpan<char> text, int limit, TokenBuffer ids) => Append(text, limit, ids);

    /// <summary>
    /// Adds the ids of what stands before a separator, mostly a word with its punctuation, and goes past it; <see langword="false"/> if there
    /// are more ids than may be, and cuts those off.
    /// </summary>
    private bool AppendWord(ReadOnlySpan<char> text, ref int start, int end, int most, TokenBuffer ids)
    {
        var word = text[start..end];
        start = end + 1;
        if (word.IsEmpty)
            return true;
        var hash = WordCache.Hash(word);
        if (!_words.TryAppend(word, hash, ids))
        {
            var before = ids.Count;
            SplitWord(NormaliseWord(word), ids);
            _words.Keep(word, hash, ids.Slice(before, ids.Count - before));
        }

        if (ids.Count <= most)
            return true;
        ids.CutAt(most);
        return false;
    }

    private void SplitWord(string normalised, TokenBuffer ids)
    {
        var start = 0;
        for (var i = 0; i < normalised.Length;)
        {
            Rune.DecodeFromUtf16(normalised.AsSpan(i), out var rune, out var length);
            if (BertCharacters.IsPunctuation(rune) || BertCharacters.IsIdeograph(rune))
            {
                AppendPieces(normalised.AsSpan(start, i - start), ids);
                AppendPieces(normalised.AsSpan(i, length), ids);
                start = i + length;
            }

            i += length;
        }

        AppendPieces(normalised.AsSpan(start), ids);
    }

    private string NormaliseWord(ReadOnlySpan<char> word)
    {
        var text = new StringBuilder(word.Length);
        foreach (var rune in word.EnumerateRunes())
        {
            if (!BertCharacters.IsRemoved(rune))
                text.Append(rune);
        }

        var cleaned = text.ToString();
        if (Ascii.IsValid(cleaned))
            return _settings.LowerCase ? cleaned.ToLowerInvariant() : cleaned;
        text.Clear();
        foreach (var rune in (_settings.StripAccents ? UnicodeData.Normalise(cleaned, NormalizationForm.FormD) : cleaned).EnumerateRunes())
        {
            if (_settings.StripAccents && Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark)
                continue;
            // U+0130 is the one character whose lower case is two; runtimes' simple mappings leave it or drop the dot.
            if (_settings.LowerCase && rune.Value == 0x130)
                text.Append("i\u0307");
            else
                text.Append(_settings.LowerCase ? Rune.ToLowerInvariant(rune) : rune);
        }

        return text.ToString();
    }

    private void AppendPieces(ReadOnlySpan<char> word, TokenBuffer ids)
    {
        if (word.IsEmpty)
            return;
        var hash = WordCache.Hash(word);
        if (_pieces.TryAppend(word, hash, ids))
            return;
        ReadOnlySpan<int> pieces = CountRunes(word) > _settings.LongestWord
            ? [_unknown]
            : [.. _wordPiece.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false)];
        _pieces.Keep(word, hash, pieces);
        ids.Add(pieces);
    }

    private static int CountRunes(ReadOnlySpan<char> word)
    {
        var count = 0;
        foreach (var _ in word.EnumerateRunes())
            count++;
        return count;
    }
}
