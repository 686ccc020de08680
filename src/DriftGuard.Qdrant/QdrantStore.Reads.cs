using System.Runtime.CompilerServices;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant;

public sealed partial class QdrantStore
{
    /// <summary>One page of points in id order: numbers first, then UUIDs by value.</summary>
    /// <param name="collection">The collection or alias.</param>
    /// <param name="from">The first id to give; it need not exist.</param>
    /// <param name="limit">How many points at most.</param>
    /// <param name="shape">What to bring beside the ids.</param>
    /// <param name="filter">Which points; null: all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ScrollPage> ScrollAsync(
        string collection, PointId from, int limit, ReadShape shape, Filter? filter = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var request = new ScrollPoints
        {
            CollectionName = collection,
            Offset = from.ToWire(),
            Limit = (uint)limit,
            Filter = filter,
            WithPayload = shape.Payload.Wire,
            WithVectors = shape.VectorsWire,
            ReadConsistency = ConsistencyOf(shape),
        };
        var reply = await ReadAsync("Scroll", collection, options => _points.ScrollAsync(request, options), cancellationToken);
        return new ScrollPage(reply.Result, reply.NextPageOffset?.ToPointId());
    }

    /// <summary>
    /// All points from <paramref name="start"/> up to but not including <paramref name="end"/> (null: to the last), page by page, none empty;
    /// the next page is on its way while one is worked on.
    /// </summary>
    public async IAsyncEnumerable<ScrollPage> ScrollRangeAsync(
        string collection, PointId start, PointId? end, int pageSize, ReadShape shape, Filter? filter = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (start >= end)
            yield break;
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pending = ScrollAsync(collection, start, pageSize, shape, filter, abandoned.Token);
        try
        {
            while (pending is not null)
            {
                var page = await pending;
                var next = page.Next is { } id && !(id >= end) ? page.Next : null;
                pending = next is { } from ? ScrollAsync(collection, from, pageSize, shape, filter, abandoned.Token) : null;
                page = next is null ? page with { Points = Before(page.Points, end), Next = null } : page;
                if (page.Points.Count > 0)
                    yield return page;
            }
        }
        finally
        {
            await abandoned.CancelAsync();
            // The caller left early: nobody else will look at the page that was on its way.
            if (pending is not null)
                await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The points of these ids that are there, in no order.</summary>
    public async Task<IReadOnlyList<RetrievedPoint>> RetrieveAsync(
        string collection, IReadOnlyCollection<PointId> ids, ReadShape shape, CancellationToken cancellationToken = default)
    {
        if (ids.Count == 0)
            return [];
        var request = new GetPoints
        {
            CollectionName = collection,
            WithPayload = shape.Payload.Wire,
            WithVectors = shape.VectorsWire,
            ReadConsistency = ConsistencyOf(shape),
        };
        foreach (var id in ids)
            request.Ids.Add(id.ToWire());
        var reply = await ReadAsync("Retrieve", collection, options => _points.GetAsync(request, options), cancellationToken);
        return reply.Result;
    }

    /// <summary>How many points there are, exactly unless told otherwise.</summary>
    public async Task<ulong> CountAsync(string collection, Filter? filter = null, bool exact = true, CancellationToken cancellationToken = default)
    {
        var request = new CountPoints { CollectionName = collection, Filter = filter, Exact = exact };
        var reply = await ReadAsync("Count", collection, options => _points.CountAsync(request, options), cancellationToken);
        return reply.Result.Count;
    }

    private static ReadConsistency? ConsistencyOf(ReadShape shape) =>
        shape.Consistency is { } type ? new ReadConsistency { Type = type } : null;

    /// <summary>The points of a page before an id: a page is sorted, so they are its beginning.</summary>
    private static IReadOnlyList<RetrievedPoint> Before(IReadOnlyList<RetrievedPoint> points, PointId? end)
    {
        var count = points.Count;
        while (count > 0 && points[count - 1].Id.ToPointId() >= end)
            count--;
        return count == points.Count ? points : [.. points.Take(count)];
    }
}
