using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Tokenization;

/// <summary>
/// Turns a text into the ids that the model gets: prefix, tokens up to the limit, [CLS] and [SEP] around them. Says why, where a
/// text cannot be one. Thread-safe.
/// </summary>
internal sealed class TextEncoder
{
    private const int AroundTokens = 2;

    private readonly BertTextTokenizer _tokenizer;
    private readonly ModelSpec _spec;

    /// <exception cref="InvalidDataException">A prefix leaves no room for a text.</exception>
    public TextEncoder(BertTextTokenizer tokenizer, ModelSpec spec)
    {
        _tokenizer = tokenizer;
        _spec = spec;
        Array.ForEach(Enum.GetValues<InputKind>(), CheckPrefix);
    }

    private int Limit => _spec.MaxTokens - AroundTokens;

    /// <summary>Adds the ids of a text to the buffer; where it cannot, gives the reason and leaves the buffer as it was.</summary>
    public string? Encode(string? text, int index, InputKind kind, TokenBuffer buffer, out TokenisedText tokenised)
    {
        tokenised = default;
        if (string.IsNullOrWhiteSpace(text))
            return EmbeddingFailures.EmptyText;
        if (HasLoneSurrogate(text))
            return EmbeddingFailures.LoneSurrogate;
        var start = buffer.Count;
        buffer.Add(_tokenizer.ClassificationId);
        if (!TryAppend(text, _spec.PrefixOf(kind), buffer, out var truncated))
        {
            buffer.CutAt(start);
            return EmbeddingFailures.NoTokens;
        }

        buffer.Add(_tokenizer.SeparatorId);
        tokenised = new(index, buffer, start, buffer.Count - start, truncated);
        return null;
    }

    /// <summary>Adds prefix and text; <see langword="false"/> if the text has no tokens.</summary>
    private bool TryAppend(string text, string prefix, TokenBuffer buffer, out bool truncated)
    {
        // The prefix is tokenised apart only where a separator keeps its last word from growing into the text.
        if (prefix.Length > 0 && !BertCharacters.IsSeparator(prefix[^1]))
        {
            var hasTokens = _tokenizer.Append(text, limit: 0, buffer);
            truncated = hasTokens && _tokenizer.Append(prefix + text, Limit, buffer);
            return hasTokens;
        }

        var start = buffer.Count;
        _tokenizer.Append(prefix, Limit, buffer);
        var afterPrefix = buffer.Count;
        truncated = _tokenizer.Append(text, Limit - (afterPrefix - start), buffer);
        return buffer.Count > afterPrefix;
    }

    private void CheckPrefix(InputKind kind)
    {
        var buffer = new TokenBuffer();
        _tokenizer.Append(_spec.PrefixOf(kind), int.MaxValue, buffer);
        if (buffer.Count >= Limit)
        {
            throw new InvalidDataException($"the {kind.ToString().ToLowerInvariant()} prefix has {buffer.Count} tokens, which leaves no "
                + $"room for a text in max_tokens: {_spec.MaxTokens}.");
        }
    }

    private static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOfAnyInRange('\ud800', '\udfff'); at >= 0; at = text.IndexOfAnyInRange('\ud800', '\udfff'))
        {
            if (at + 1 >= text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
                return true;
            text = text[(at + 2)..];
        }

        return false;
    }
}
