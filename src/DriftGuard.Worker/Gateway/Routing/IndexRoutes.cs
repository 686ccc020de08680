using System.Collections.Concurrent;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Indexes;

namespace DriftGuard.Worker.Gateway.Routing;

/// <summary>
/// The routes of indexes as this process knows them. A request is worked on by the route that is known while Qdrant is asked whether it still
/// holds, and answered by it only if it did after the request had come: so no client sees an epoch, and then an earlier one, whichever
/// gateway it asks; and what embeds a query is always the model of the collection that is searched.
/// </summary>
internal sealed class IndexRoutes(QdrantStore qdrant, ServingIndexReader indexes, ActiveBridges bridges, TimeProvider time)
{
    /// <summary>For how long aliases may contradict each other, as they do in the middle of a switch, before it is somebody's mistake.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);

    // What was enrolled can be changed, such as the field of the text; no switch tells of that.
    private static readonly TimeSpan ReadAgain = TimeSpan.FromSeconds(10);

    // Each needs a switch of its own to go in vain.
    private const int MostTries = 20;

    private readonly ConcurrentDictionary<string, (IndexRoute Route, long ReadAt)> _known = new(StringComparer.Ordinal);
    private readonly SharedLook<AliasTable> _looks = new(qdrant.AliasesAsync);

    /// <summary>The route, as it was after this call.</summary>
    /// <exception cref="OperatorException">There is no such index, or aliases and token contradict each other.</exception>
    public async Task<IndexRoute> CurrentAsync(string index, CancellationToken cancellation) => await BridgedAsync(await ReadCurrentAsync(index, cancellation), cancellation);

    /// <summary>Works by a route that holds after this call: by the known one at once, and once more where it is another by now.</summary>
    /// <param name="index">The index.</param>
    /// <param name="work">Does the work; it may be cut off, and what it did by a route that holds no more is dropped.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<(IndexRoute Route, T Result)> WorkAsync<T>(string index, Func<IndexRoute, CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        var route = _known.TryGetValue(index, out var known) ? await BridgedAsync(known.Route, cancellation) : await CurrentAsync(index, cancellation);
        for (var tries = 0; tries < MostTries; tries++)
        {
            using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var working = work(route, abandoned.Token);
            IndexRoute current;
            try
            {
                current = await CurrentAsync(index, cancellation);
            }
            catch
            {
                await AbandonAsync(working, abandoned);
                throw;
            }

            if (current.IsSameAs(route))
            {
                return (current, await working);
            }

            await AbandonAsync(working, abandoned);
            route = current;
        }

        throw new OperatorException(OperatorError.Unavailable, $"index '{index}' is switched more often than it can be answered");
    }

    private async ValueTask<IndexRoute> BridgedAsync(IndexRoute route, CancellationToken cancellation) =>
        await bridges.OfAsync(route.Definition.Name, route.Collection, route.Fingerprint, cancellation) is { } bridge ? route with { Bridge = bridge } : route;

    private async Task<IndexRoute> ReadCurrentAsync(string index, CancellationToken cancellation)
    {
        for (var began = time.GetTimestamp(); ;)
        {
            var aliases = await _looks.NextAsync(cancellation);
            if (_known.TryGetValue(index, out var known) && await HoldsAsync(known.Route, known.ReadAt, aliases, cancellation))
            {
                return known.Route;
            }

            try
            {
                return Keep(await ReadAsync(index, cancellation));
            }
            catch (OperatorException contradiction) when (contradiction.Error == OperatorError.Conflict && time.GetElapsedTime(began) < Settling)
            {
                await Task.Delay(LookAgain, time, cancellation);
            }
        }
    }

    /// <summary>The route as it was last known, for who counts; null where none is.</summary>
    public IndexRoute? LastKnown(string index) => _known.TryGetValue(index, out var known) ? known.Route : null;

    private async ValueTask<bool> HoldsAsync(IndexRoute route, long readAt, AliasTable aliases, CancellationToken cancellation)
    {
        if (time.GetElapsedTime(readAt) < ReadAgain)
        {
            return route.IsSaidBy(aliases) || route.IsLaterThan(aliases);
        }

        // A peer that lags for long; or an index that was removed and made anew, whose epochs begin again.
        var lags = route.IsLaterThan(aliases) && await qdrant.ExistsAsync(route.Collection, cancellation);
        if (!lags)
        {
            _known.TryRemove(route.Definition.Name, out _);
        }

        return lags;
    }

    private static async Task AbandonAsync(Task working, CancellationTokenSource abandoned)
    {
        await abandoned.CancelAsync();
        await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>What was read earlier never replaces a later epoch.</summary>
    private IndexRoute Keep(IndexRoute read)
    {
        var now = time.GetTimestamp();
        return _known.AddOrUpdate(read.Definition.Name, _ => (read, now), (_, known) => known.Route.Epoch > read.Epoch ? known : (read, now)).Route;
    }

    private async Task<IndexRoute> ReadAsync(string index, CancellationToken cancellation)
    {
        var serving = await indexes.ReadAsync(index, cancellation);
        return new(serving, serving.RequireModel(), serving.Fingerprint
            ?? throw new OperatorException(OperatorError.Conflict, $"collection {serving.Collection} does not say the fingerprint of its model"));
    }
}
