using System.Collections.Concurrent;
using DriftGuard.State;

namespace DriftGuard.Worker.Bridges;

/// <summary>
/// The bridges in use, as this process knows them: looked up anew each second, so that one that begins or is ended is known everywhere by then. Whether
/// one leads into what serves is asked each time, by the collection and its model: a cutover ends it at once.
/// </summary>
internal sealed class ActiveBridges(BridgeStore store, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    // A state that is away for a moment fails no query; what a longer time has changed is not known.
    private static readonly TimeSpan KnownWithoutState = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Bridge> _maps = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _looking = new(1, 1);
    private volatile Snapshot? _known;

    /// <summary>The bridge over which queries of an index go; null where they need none.</summary>
    /// <param name="index">The index.</param>
    /// <param name="collection">The collection that serves it.</param>
    /// <param name="fingerprint">The model that made the collection's vectors.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="StateException">The state cannot be read, or holds another map than was stored.</exception>
    public async ValueTask<Bridge?> OfAsync(string index, string collection, string? fingerprint, CancellationToken cancellation)
    {
        var known = _known is { } last && time.GetElapsedTime(last.At) < LookAgain ? last : await LookAsync(cancellation);
        if (known.Reports.GetValueOrDefault(index) is not { } report || !report.LeadsInto(collection, fingerprint, time.GetUtcNow()))
        {
            return null;
        }

        return _maps.TryGetValue(report.Id, out var bridge) ? bridge : _maps.GetOrAdd(report.Id, await store.LoadAsync(report, cancellation));
    }

    /// <summary>Looks at the state when it is next asked, however lately it did.</summary>
    public void Forget() => _known = null;

    /// <inheritdoc/>
    public void Dispose() => _looking.Dispose();

    private async Task<Snapshot> LookAsync(CancellationToken cancellation)
    {
        await _looking.WaitAsync(cancellation);
        try
        {
            var known = _known;
            if (known is not null && time.GetElapsedTime(known.At) < LookAgain)
            {
                return known; // Somebody else has looked meanwhile.
            }

            var at = time.GetTimestamp();
            try
            {
                var reports = (await store.InUseAsync(cancellation)).ToDictionary(report => report.Index, StringComparer.Ordinal);
                foreach (var ended in _maps.Keys.Except(reports.Values.Select(report => report.Id), StringComparer.Ordinal))
                {
                    _maps.TryRemove(ended, out _);
                }

                return _known = new(reports, at);
            }
            catch (StateException) when (known is not null && time.GetElapsedTime(known.At) < KnownWithoutState)
            {
                return known;
            }
        }
        finally
        {
            _looking.Release();
        }
    }

    private sealed record Snapshot(IReadOnlyDictionary<string, BridgeReport> Reports, long At);
}
