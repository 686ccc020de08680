using System.Diagnostics.CodeAnalysis;

namespace DriftGuard.Embedding.Http;

/// <summary>
/// Asks a provider whose answers name no model what it is: before the first request, after every failed attempt, since a server that was started again
/// may have another model, after every answer that is stored, and from time to time. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A semaphore nobody takes the wait handle of holds nothing.")]
internal sealed class ProviderInfoCheck(ProviderClient client, TimeProvider time)
{
    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _asking = new(1);
    private readonly Lock _lock = new();
    private (long At, int? MostTexts)? _last;

    /// <summary>What was learnt is doubted: ask again before the next request.</summary>
    public void Doubt()
    {
        lock (_lock)
            _last = null;
    }

    /// <summary>Most texts of a request, as the provider says; <see langword="null"/> where it does not.</summary>
    /// <exception cref="EmbeddingProviderException">It does not answer, or it is another model.</exception>
    public Task<int?> MostTextsAsync(CancellationToken cancellation) => AskAsync(notBefore: long.MinValue, cancellation);

    /// <summary>Makes sure that the provider is the model still; one look serves all answers that came before it.</summary>
    /// <exception cref="EmbeddingProviderException">It does not answer, or it is another model.</exception>
    public Task<int?> ConfirmAsync(CancellationToken cancellation) => AskAsync(time.GetTimestamp(), cancellation);

    private async Task<int?> AskAsync(long notBefore, CancellationToken cancellation)
    {
        if (Fresh(notBefore) is { } known)
            return known.MostTexts;
        await _asking.WaitAsync(cancellation);
        try
        {
            if (Fresh(notBefore) is { } meanwhile)
                return meanwhile.MostTexts;
            var at = time.GetTimestamp();
            var mostTexts = (await client.InfoAsync(cancellation))?.TextsPerRequest;
            lock (_lock)
                _last = (at, mostTexts);
            return mostTexts;
        }
        finally
        {
            _asking.Release();
        }
    }

    private (long At, int? MostTexts)? Fresh(long notBefore)
    {
        lock (_lock)
            return _last is { } last && last.At > notBefore && time.GetElapsedTime(last.At) < Validity ? last : null;
    }
}
