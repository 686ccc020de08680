using DriftGuard.Embedding.Tokenization;

namespace DriftGuard.Embedding.Inference;

/// <summary>Which texts run together: neighbours in length, so that little is padded, within a budget of tokens.</summary>
internal static class BatchPlan
{
    /// <summary>
    /// Splits texts into batches, longest first: what is left at the end, when workers run out one by one, is short.
    /// </summary>
    /// <param name="texts">The texts; they are sorted in place.</param>
    /// <param name="tokensPerRun">Most tokens of a batch, padding included; a single text may have more. 1: one text a batch.</param>
    public static IEnumerable<ArraySegment<TokenisedText>> Split(TokenisedText[] texts, int tokensPerRun)
    {
        Array.Sort(texts, static (a, b) => a.Length != b.Length ? b.Length - a.Length : a.Index - b.Index);
        for (var start = 0; start < texts.Length;)
        {
            var count = Math.Clamp(tokensPerRun / texts[start].Length, 1, texts.Length - start);
            yield return new(texts, start, count);
            start += count;
        }
    }
}
