using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using DriftGuard.Core.Embedding;
using Microsoft.ML.Tokenizers;

namespace DriftGuard.Embedding.Tokenization;

/// <summary>
/// Text to ids as Hugging Face's BERT tokenizer does it: special tokens, cleaning, ideographs apart, accents, case, words and
/// punctuation; then WordPiece by <see cref="WordPieceTokenizer"/>. Thread-safe.
/// </summary>
/// <remarks>
/// <see cref="Microsoft.ML.Tokenizers.BertTokenizer"/> does all of it too, but (2.0.1) drops symbols such as + and €, keeps U+200B
/// and tabs inside words, and does not decompose Hangul: 18 of 63 reference cases differ. Only its WordPiece is used.
/// </remarks>
internal sealed class BertTextTokenizer : ITextTokenizer
{
    /// <summary>Words of more code points are unknown, as in BERT.</summary>
    private const int LongestWord = 100;

    private readonly WordPieceTokenizer _wordPiece;
    private readonly Vocabulary _vocabulary;
    private readonly bool _lowerCase;
    private readonly bool _stripAccents;
    private readonly int _unknown;
    private readonly WordCache _words = new(1 << 15);
    private readonly WordCache _pieces = new(1 << 14);

    private BertTextTokenizer(WordPieceTokenizer wordPiece, Vocabulary vocabulary, TokenizerSpec spec)
    {
        _wordPiece = wordPiece;
        _vocabulary = vocabulary;
        _lowerCase = spec.LowerCase ?? true;
        _stripAccents = spec.StripAccents ?? _lowerCase;
        Opening = new[] { vocabulary.Special[Vocabulary.Classification] };
        Closing = new[] { vocabulary.Special[Vocabulary.Separator] };
        PaddingId = vocabulary.Special.GetValueOrDefault(Vocabulary.Padding);
        _unknown = vocabulary.Special[Vocabulary.Unknown];
    }

    public ReadOnlyMemory<int> Opening { get; }

    public ReadOnlyMemory<int> Closing { get; }

    public int PaddingId { get; }

    public int VocabularySize => _vocabulary.Size;

    /// <summary>Makes the tokenizer from the bytes of a vocabulary.</summary>
    /// <exception cref="InvalidDataException">The vocabulary lacks what BERT needs, or the runtime lacks Unicode data.</exception>
    public static BertTextTokenizer Create(byte[] vocabulary, TokenizerSpec spec)
    {
        // Globalization-invariant mode, which an environment variable can switch on, may return text as it is.
        if (spec.StripAccents != false && "\u00e9".Normalize(NormalizationForm.FormD).Length != 2)
            throw new InvalidDataException("this runtime does not normalise Unicode; unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT and install ICU.");
        using var stream = new MemoryStream(vocabulary);
        var options = new WordPieceOptions { UnknownToken = Vocabulary.Unknown, MaxInputCharsPerWord = 2 * LongestWord };
        var special = Vocabulary.Read(vocabulary);
        try
        {
            return new(WordPieceTokenizer.Create(stream, options), special, spec);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"the vocabulary cannot be read: {e.Message}", e);
        }
    }

    public bool SeparatesAt(char last) => BertCharacters.IsSeparator(last);

    public bool Append(ReadOnlySpan<char> text, int limit, TokenBuffer ids)
    {
        var (first, start, block) = (ids.Count, 0, 0);
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
                if ((text[at] == ' ' || BertCharacters.IsSeparator(text[at])) && !AppendWord(text, ref start, at, first + limit, ids))
                    return true;
            }
        }

        for (; block < text.Length; block++)
        {
            if (BertCharacters.IsSeparator(text[block]) && !AppendWord(text, ref start, block, first + limit, ids))
                return true;
        }

        return !AppendWord(text, ref start, text.Length, first + limit, ids);
    }

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
            AppendAroundSpecialTokens(word, ids);
            _words.Keep(word, hash, ids.Slice(before, ids.Count - before));
        }

        if (ids.Count <= most)
            return true;
        ids.CutAt(most);
        return false;
    }

    private void AppendAroundSpecialTokens(ReadOnlySpan<char> word, TokenBuffer ids)
    {
        for (var bracket = word.IndexOf('['); bracket >= 0 && bracket < word.Length;)
        {
            var rest = word[bracket..];
            var found = false;
            foreach (var (token, id) in _vocabulary.Special)
            {
                if (!rest.StartsWith(token, StringComparison.Ordinal))
                    continue;
                AppendNormalised(word[..bracket], ids);
                ids.Add(id);
                word = rest[token.Length..];
                bracket = word.IndexOf('[');
                found = true;
                break;
            }

            if (found)
                continue;
            var next = rest[1..].IndexOf('[');
            bracket = next < 0 ? -1 : bracket + 1 + next;
        }

        AppendNormalised(word, ids);
    }

    private void AppendNormalised(ReadOnlySpan<char> word, TokenBuffer ids)
    {
        if (word.IsEmpty)
            return;
        var normalised = Normalise(word);
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

    private string Normalise(ReadOnlySpan<char> word)
    {
        var text = new StringBuilder(word.Length);
        foreach (var rune in word.EnumerateRunes())
        {
            if (!BertCharacters.IsRemoved(rune))
                text.Append(rune);
        }

        var cleaned = text.ToString();
        if (Ascii.IsValid(cleaned))
            return _lowerCase ? cleaned.ToLowerInvariant() : cleaned;
        text.Clear();
        foreach (var rune in (_stripAccents ? cleaned.Normalize(NormalizationForm.FormD) : cleaned).EnumerateRunes())
        {
            if (_stripAccents && Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.NonSpacingMark)
                continue;
            // U+0130 is the one character whose lower case is two; runtimes' simple mappings leave it or drop the dot.
            if (_lowerCase && rune.Value == 0x130)
                text.Append("i\u0307");
            else
                text.Append(_lowerCase ? Rune.ToLowerInvariant(rune) : rune);
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
        ReadOnlySpan<int> pieces = CountRunes(word) > LongestWord
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
