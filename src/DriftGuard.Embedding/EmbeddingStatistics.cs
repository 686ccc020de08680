namespace DriftGuard.Embedding;

/// <summary>What a model has done since it was opened. Thread-safe; each figure only grows.</summary>
public sealed class EmbeddingStatistics
{
    private long _texts;
    private long _tokens;
    private long _truncatedTexts;
    private long _failedTexts;

    /// <summary>Texts that were given a vector.</summary>
    public long Texts => Interlocked.Read(ref _texts);

    /// <summary>Tokens the model saw, prefixes and special tokens included, padding not.</summary>
    public long Tokens => Interlocked.Read(ref _tokens);

    /// <summary>Texts of which tokens beyond the limit were left out.</summary>
    public long TruncatedTexts => Interlocked.Read(ref _truncatedTexts);

    /// <summary>Texts that have no vector.</summary>
    public long FailedTexts => Interlocked.Read(ref _failedTexts);

    internal void Count(ReadOnlySpan<EmbeddingOutcome> outcomes)
    {
        long texts = 0, tokens = 0, truncated = 0;
        foreach (ref readonly var outcome in outcomes)
        {
            texts += outcome.IsEmbedded ? 1 : 0;
            tokens += outcome.Tokens;
            truncated += outcome.Truncated ? 1 : 0;
        }

        Interlocked.Add(ref _texts, texts);
        Interlocked.Add(ref _failedTexts, outcomes.Length - texts);
        Interlocked.Add(ref _tokens, tokens);
        Interlocked.Add(ref _truncatedTexts, truncated);
    }
}
