using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Tokenization;

/// <summary>
/// Turns a text into the ids that the model gets: prefix, tokens up to the limit, special tokens around them. Says why, where a text
/// cannot be one, and follows the spec's policy for empty and over-long texts. Thread-safe.
/// </summary>
internal sealed class TextEncoder
{
    private readonly ITextTokenizer _tokenizer;
    private readonly ModelSpec _spec;
    private readonly int _limit;

    /// <exception cref="InvalidDataException">A prefix, or what stands around each text, leaves no room for it.</exception>
    public TextEncoder(ITextTokenizer tokenizer, ModelSpec spec)
    {
        _tokenizer = tokenizer;
        _spec = spec;
        _limit = spec.MaxTokens - tokenizer.Opening.Length - tokenizer.Closing.Length;
        if (_limit < 1)
        {
            throw new InvalidDataException($"max_tokens is {spec.MaxTokens}: expected {spec.MaxTokens - _limit + 1} or more, "
                + $"{spec.MaxTokens - _limit} are taken by the tokens that the tokenizer puts around each text.");
        }

        Array.ForEach(Enum.GetValues<InputKind>(), CheckPrefix);
    }

    /// <summary>
    /// Adds the ids of a text to the buffer, and where they are to <paramref name="pieces"/>: one piece, or one a chunk. Where it
    /// cannot, gives the outcome and adds nothing.
    /// </summary>
    public EmbeddingOutcome? Encode(string? text, InputKind kind, TokenBuffer buffer, List<TokenRange> pieces, out bool truncated)
    {
        truncated = false;
        if (TextRules.Refusal(text, _spec) is { } refusal)
            return EmbeddingOutcome.Failed(refusal);
        var start = buffer.Count;
        var prefix = _spec.PrefixOf(kind);
        buffer.Add(_tokenizer.Opening.Span);
        if (!TryAppend(text!, prefix, buffer, out var overLong) && _spec.EmptyText == EmptyText.Refuse)
        {
            buffer.CutAt(start);
            return EmbeddingOutcome.Failed(EmbeddingFailures.NoTokens);
        }

        if (overLong && _spec.OverLong != OverLongText.Truncate)
        {
            buffer.CutAt(start);
            return EncodeOverLong(text!, prefix, buffer, pieces);
        }

        truncated = overLong;
        buffer.Add(_tokenizer.Closing.Span);
        pieces.Add(new(start, buffer.Count - start));
        return null;
    }

    /// <summary>Adds prefix and text; <see langword="false"/> if the text has no tokens.</summary>
    private bool TryAppend(string text, string prefix, TokenBuffer buffer, out bool overLong)
    {
        // The prefix is tokenised apart only where a separator keeps its last word from growing into the text.
        if (prefix.Length > 0 && !_tokenizer.SeparatesAt(prefix[^1]))
        {
            var hasTokens = _tokenizer.Append(text, limit: 0, buffer);
            overLong = _tokenizer.Append(hasTokens ? prefix + text : prefix, _limit, buffer);
            return hasTokens;
        }

        var start = buffer.Count;
        _tokenizer.Append(prefix, _limit, buffer);
        var afterPrefix = buffer.Count;
        overLong = _tokenizer.Append(text, _limit - (afterPrefix - start), buffer);
        return buffer.Count > afterPrefix;
    }

    private EmbeddingOutcome? EncodeOverLong(string text, string prefix, TokenBuffer buffer, List<TokenRange> pieces)
    {
        var ids = new TokenBuffer();
        _tokenizer.Append(prefix, int.MaxValue, ids);
        var prefixIds = ids.Slice(0, ids.Count).ToArray();
        ids.CutAt(0);
        _tokenizer.Append(text, int.MaxValue, ids);
        if (_spec.OverLong == OverLongText.Refuse)
        {
            var tokens = ids.Count + prefixIds.Length + _spec.MaxTokens - _limit;
            return EmbeddingOutcome.Failed(EmbeddingFailures.OverLong(tokens, _spec.MaxTokens), overLong: true);
        }

        var room = _limit - prefixIds.Length;
        for (var at = 0; at < ids.Count; at += room)
        {
            var start = buffer.Count;
            buffer.Add(_tokenizer.Opening.Span);
            buffer.Add(prefixIds);
            buffer.Add(ids.Slice(at, Math.Min(room, ids.Count - at)));
            buffer.Add(_tokenizer.Closing.Span);
            pieces.Add(new(start, buffer.Count - start));
        }

        return null;
    }

    private void CheckPrefix(InputKind kind)
    {
        var buffer = new TokenBuffer();
        _tokenizer.Append(_spec.PrefixOf(kind), int.MaxValue, buffer);
        if (buffer.Count >= _limit)
        {
            throw new InvalidDataException($"the {kind.ToString().ToLowerInvariant()} prefix has {buffer.Count} tokens, which leaves no "
                + $"room for a text in max_tokens: {_spec.MaxTokens}.");
        }
    }
}
