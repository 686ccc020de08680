using DriftGuard.Embedding.Tokenization;

namespace DriftGuard.Embedding.Tests.Tokenization;

/// <summary>Ids as an array.</summary>
internal static class Tokens
{
    /// <summary>All ids of a text with those around it.</summary>
    public static int[] Encode(this ITextTokenizer tokenizer, string text, int limit = int.MaxValue)
    {
        var buffer = new TokenBuffer();
        buffer.Add(tokenizer.Opening.Span);
        tokenizer.Append(text, limit, buffer);
        buffer.Add(tokenizer.Closing.Span);
        return buffer.Slice(0, buffer.Count).ToArray();
    }
}
