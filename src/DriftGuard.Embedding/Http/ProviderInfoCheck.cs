using System.Diagnostics.CodeAnalysis;

namespace DriftGuard.Embedding.Http;

/// <summary>
/// Asks a provider whose answers name no model what it is: before the first request, after every failed attempt, since a server that was started again
/// may have another model, and from time to time. Thread-safe.
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
    public async Task<int?> MostTextsAsync(CancellationToken cancellation)
    {
        if (Fresh() is { } known)
            return known.MostTexts;
        await _asking.WaitAsync(cancellation);
        try
        {
            if (Fresh() is { } meanwhile)
                return meanwhile.MostTexts;
            var mostTexts = (await client.InfoAsync(cancellation))?.TextsPerRequest;
            lock (_lock)
                _last = (time.GetTimestamp(), mostTexts);
            return mostTexts;
        }
        finally
        {
            _asking.Release();
        }
    }

    private (long At, int? MostTexts)? Fresh()
    {
        lock (_lock)
            return _last is { } last && time.GetElapsedTime(last.At) < Validity ? last : null;
    }
}
