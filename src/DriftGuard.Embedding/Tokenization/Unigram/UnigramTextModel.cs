using DriftGuard.Embedding.Tokenization.Normalisation;

namespace DriftGuard.Embedding.Tokenization.Unigram;

/// <summary>
/// Text to ids as Hugging Face's tokenizers do it for SentencePiece models: normaliser, white space, marks in place of spaces, pieces.
/// The ids of a word are remembered, since its pieces depend on nothing but its letters once it is normalised. Thread-safe.
/// </summary>
internal sealed class UnigramTextModel(TextNormaliser normaliser, Metaspace space, UnigramPieces pieces) : ITextModel
{
    private readonly WordCache _marked = new(1 << 15);
    private readonly WordCache _unmarked = new(1 << 14);

    /// <summary>Nowhere: a space and a mark that combines with it may be normalised together, so a prefix is tokenised with its text.</summary>
    public bool SeparatesAt(char last) => false;

    public string Normalise(ReadOnlySpan<char> text) => normaliser.Normalise(text);

    public bool Append(ReadOnlySpan<char> text, int limit, TokenBuffer ids)
    {
        var first = ids.Count;
        while (!text.IsEmpty)
        {
            var length = space.Splits ? normaliser.LengthOfPart(text) : text.Length;
            if (AppendNormalised(normaliser.Normalise(text[..length]), limit - (ids.Count - first), ids))
                return true;
            text = text[length..];
        }

        return false;
    }

    public bool AppendNormalised(ReadOnlySpan<char> text, int limit, TokenBuffer ids)
    {
        if (!space.SplitsWhiteSpace)
            return AppendMarked(text, limit, ids);
        var first = ids.Count;
        while (!text.IsEmpty)
        {
            var length = 0;
            while (length < text.Length && !char.IsWhiteSpace(text[length]))
                length++;
            if (length > 0 && AppendMarked(text[..length], limit - (ids.Count - first), ids))
                return true;
            text = text[Math.Min(length + 1, text.Length)..];
        }

        return false;
    }

    private bool AppendMarked(ReadOnlySpan<char> text, int limit, TokenBuffer ids)
    {
        if (text.IsEmpty)
            return false;
        var first = ids.Count;
        var isMarked = IsMark(text[0]);
        var rest = isMarked ? text[1..] : text;
        isMarked |= space.IsPutBefore;
        while (true)
        {
            var length = space.Splits ? rest.IndexOfAny(' ', space.Mark) : -1;
            AppendWord(isMarked, length < 0 ? rest : rest[..length], ids);
            if (ids.Count - first > limit)
            {
                ids.CutAt(first + limit);
                return true;
            }

            if (length < 0)
                return false;
            rest = rest[(length + 1)..];
            isMarked = true;
        }
    }

    /// <summary>Adds the ids of a word, before which a mark may stand.</summary>
    private void AppendWord(bool isMarked, ReadOnlySpan<char> word, TokenBuffer ids)
    {
        var cache = isMarked ? _marked : _unmarked;
        var hash = WordCache.Hash(word);
        if (cache.TryAppend(word, hash, ids))
            return;
        var start = ids.Count;
        var marked = $"{(isMarked ? space.Mark.ToString() : "")}{word}".Replace(' ', space.Mark);
        pieces.Append(marked, ids);
        cache.Keep(word, hash, ids.Slice(start, ids.Count - start));
    }

    private bool IsMark(char c) => c == ' ' || c == space.Mark;
}
