using System.Collections.Concurrent;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>
/// Holds what a source says of changes against those that a comparison in full found: a source that was silent about one of them is not relied
/// on. Of many changes the first are looked at.
/// </summary>
/// <param name="source">The source.</param>
internal sealed class ChangeWitness(ICorpusSource source)
{
    private const int MostLookedAt = 10_000;

    // A source outside of the collection tells of its texts alone.
    private readonly bool _payloadsToo = source is PayloadSource;
    private readonly ConcurrentDictionary<PointId, bool> _changed = new();

    /// <summary>Takes in a point that was compared.</summary>
    public void Add(Compared compared)
    {
        if (compared.Sides is { Source: { } left, Target: { } right } && _changed.Count < MostLookedAt
            && (left.ContentHash != right.ContentHash || (_payloadsToo && left.PayloadHash != right.PayloadHash)))
        {
            _changed[compared.Id] = true;
        }
    }

    /// <summary>How many of them the source does not tell of.</summary>
    /// <param name="collection">The collection that is the truth.</param>
    /// <param name="since">A time before the first of the changes.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<long> UntoldAsync(string collection, DateTimeOffset since, CancellationToken cancellation)
    {
        if (source.KnowsChanges && !_changed.IsEmpty)
        {
            await foreach (var told in source.ChangedSinceAsync(collection, since, cancellation))
            {
                _changed.TryRemove(told, out _);
            }
        }

        return _changed.Count;
    }
}
