using DriftGuard.Embedding.Tokenization;

namespace DriftGuard.Embedding.Inference;

/// <summary>Which texts run together: neighbours in length, so that little is padded, within a budget of tokens.</summary>
internal static class BatchPlan
{
    /// <summary>
    /// Splits texts into batches, longest first: what is left at the end, when workers run out one by one, is short. Texts of one length
    /// stay in the order given.
    /// </summary>
    /// <param name="texts">The texts.</param>
    /// <param name="tokensPerRun">Most tokens of a batch, padding included; a single text may have more. 1: one text a batch.</param>
    public static IEnumerable<ArraySegment<TokenisedText>> Split(IReadOnlyCollection<TokenisedText[]> texts, int tokensPerRun)
    {
        var sorted = LongestFirst(texts);
        for (var start = 0; start < sorted.Length;)
        {
            var count = Math.Clamp(tokensPerRun / sorted[start].Length, 1, sorted.Length - start);
            yield return new(sorted, start, count);
            start += count;
        }
    }

    /// <summary>Lengths are small numbers, so they are counted and not compared: comparing cost a fast model most of what it takes for a text.</summary>
    private static TokenisedText[] LongestFirst(IReadOnlyCollection<TokenisedText[]> texts)
    {
        var (count, longest) = (0, 0);
        foreach (var part in texts)
        {
            count += part.Length;
            foreach (ref readonly var text in part.AsSpan())
                longest = Math.Max(longest, text.Length);
        }

        var places = new int[longest + 1];
        foreach (var part in texts)
        {
            foreach (ref readonly var text in part.AsSpan())
                places[longest - text.Length]++;
        }

        for (var (i, next) = (0, 0); i < places.Length; i++)
            (places[i], next) = (next, next + places[i]);
        var sorted = new TokenisedText[count];
        foreach (var part in texts)
        {
            foreach (ref readonly var text in part.AsSpan())
                sorted[places[longest - text.Length]++] = text;
        }

        return sorted;
    }
}
