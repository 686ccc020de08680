namespace DriftGuard.Embedding;

/// <summary>What a model has done since it was opened. Thread-safe; each figure only grows.</summary>
public sealed class EmbeddingStatistics
{
    private long _texts;
    private long _tokens;
    private long _truncatedTexts;
    private long _failedTexts;
    private long _chunkedTexts;
    private long _overLongTexts;
    private long _emptyTexts;
    private long _padding;
    private long _requests;
    private long _requestTicks;

    /// <summary>Texts that were given a vector.</summary>
    public long Texts => Interlocked.Read(ref _texts);

    /// <summary>Tokens the model saw, prefixes and special tokens included, padding not.</summary>
    public long Tokens => Interlocked.Read(ref _tokens);

    /// <summary>Texts of which tokens beyond the limit were left out.</summary>
    public long TruncatedTexts => Interlocked.Read(ref _truncatedTexts);

    /// <summary>Texts that have no vector.</summary>
    public long FailedTexts => Interlocked.Read(ref _failedTexts);

    /// <summary>Texts whose vector is the mean of several chunks'.</summary>
    public long ChunkedTexts => Interlocked.Read(ref _chunkedTexts);

    /// <summary>Texts of more tokens than the model takes, whether truncated, refused or chunked.</summary>
    public long OverLongTexts => Interlocked.Read(ref _overLongTexts);

    /// <summary>Texts that are empty or white space, whether refused or embedded.</summary>
    public long EmptyTexts => Interlocked.Read(ref _emptyTexts);

    /// <summary>Tokens that only fill up batches.</summary>
    public long PaddingTokens => Interlocked.Read(ref _padding);

    /// <summary>The share of <see cref="PaddingTokens"/> among all tokens that were computed, 0 to 1.</summary>
    public double PaddingShare => PaddingTokens is var padding && padding == 0 ? 0 : padding / (double)(padding + Tokens);

    /// <summary>Requests that a provider was sent, repeats and refused ones included; 0 where vectors are computed in the process.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>The time that they took together, without waits for limits and before repeats.</summary>
    public TimeSpan RequestTime => TimeSpan.FromTicks(Interlocked.Read(ref _requestTicks));

    internal void CountRequest(TimeSpan took)
    {
        Interlocked.Add(ref _requestTicks, took.Ticks);
        Interlocked.Increment(ref _requests);
    }

    internal void CountRun(int padding) => Interlocked.Add(ref _padding, padding);

    internal void Count(IReadOnlyList<string> asked, IReadOnlyList<EmbeddingOutcome> outcomes)
    {
        long texts = 0, tokens = 0, truncated = 0, chunked = 0, overLong = 0, empty = 0;
        for (var i = 0; i < outcomes.Count; i++)
        {
            var outcome = outcomes[i];
            texts += outcome.IsEmbedded ? 1 : 0;
            tokens += outcome.Tokens;
            truncated += outcome.Truncated ? 1 : 0;
            chunked += outcome.Chunks > 1 ? 1 : 0;
            overLong += outcome.IsOverLong ? 1 : 0;
            empty += string.IsNullOrWhiteSpace(asked[i]) ? 1 : 0;
        }

        Interlocked.Add(ref _texts, texts);
        Interlocked.Add(ref _failedTexts, outcomes.Count - texts);
        Interlocked.Add(ref _tokens, tokens);
        Interlocked.Add(ref _truncatedTexts, truncated);
        Interlocked.Add(ref _chunkedTexts, chunked);
        Interlocked.Add(ref _overLongTexts, overLong);
        Interlocked.Add(ref _emptyTexts, empty);
    }
}
