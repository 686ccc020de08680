using System.Runtime.CompilerServices;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>
/// Compares the ids of both sides in full, and points themselves only where ids differ or the source says that something changed. Where the
/// texts lie outside of the collection its source tells of texts alone, so payloads are compared in full too.
/// </summary>
/// <param name="qdrant">Where both sides are.</param>
/// <param name="corpus">Where the texts are.</param>
/// <param name="source">The collection that is the truth.</param>
/// <param name="target">The other one.</param>
/// <param name="fingerprint">Of the model that the target's points are to be stamped by.</param>
/// <param name="batchSize">Points that are judged at a time.</param>
internal sealed class ChangeComparison(QdrantStore qdrant, IndexCorpus corpus, string source, string target, string fingerprint, int batchSize)
{
    private const int IdsAPage = 10_000;

    private readonly bool _byIds = corpus.Source is PayloadSource;

    /// <summary>What differs in a range of ids, as far as ids show it, or payloads where those are compared.</summary>
    /// <param name="from">The first id.</param>
    /// <param name="until">The id at which it stops, exclusive; null for the last one.</param>
    /// <param name="seen">Told of each id that goes by.</param>
    /// <param name="cancellation">Cancels.</param>
    public IAsyncEnumerable<Compared> WalkAsync(PointId from, PointId? until, Action seen, CancellationToken cancellation) =>
        JudgedAsync(SuspectsAsync(from, until, seen, cancellation), cancellation);

    /// <summary>What differs among the points of which the source says that they changed at a time or later.</summary>
    public IAsyncEnumerable<Compared> ChangedAsync(DateTimeOffset since, CancellationToken cancellation) =>
        JudgedAsync(corpus.Source.ChangedSinceAsync(source, since, cancellation), cancellation);

    /// <summary>Some points, those that are on neither side left out.</summary>
    public IAsyncEnumerable<Compared> OfAsync(IEnumerable<PointId> points, CancellationToken cancellation) => JudgedAsync(points.ToAsyncEnumerable(), cancellation);

    private async IAsyncEnumerable<PointId> SuspectsAsync(PointId from, PointId? until, Action seen, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var (left, right) in IdOrder.MergeAsync(PointsAsync(source, from, until, cancellation), PointsAsync(target, from, until, cancellation), cancellation))
        {
            seen();
            if (left is null || right is null || !(_byIds || IsStampedBy(left.Value, right.Value)))
            {
                yield return (left ?? right)!.Value.Id;
            }
        }
    }

    private bool IsStampedBy(SourcePoint left, SourcePoint right) =>
        StampPayload.Read(right.Payload) is { Pending: null } stamp && stamp.Fingerprint == fingerprint
        && PayloadHash.Of(left.Payload) == stamp.PayloadHash && PayloadHash.Of(right.Payload) == stamp.PayloadHash;

    private async IAsyncEnumerable<SourcePoint> PointsAsync(string collection, PointId from, PointId? until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (size, shape) = _byIds ? (IdsAPage, ReadShape.Ids) : (batchSize, ReadShape.WholePayload);
        await foreach (var page in qdrant.ScrollRangeAsync(collection, from, until, size, shape, null, cancellation))
        {
            foreach (var point in page.Points)
            {
                yield return new(WireForms.IdOf(point), point.Payload, null);
            }
        }
    }

    private async IAsyncEnumerable<Compared> JudgedAsync(IAsyncEnumerable<PointId> ids, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var some in ids.Chunk(batchSize).WithCancellation(cancellation))
        {
            var left = (await corpus.WithTextsAsync(await qdrant.RetrieveAsync(source, some, corpus.Carried, cancellation), cancellation)).ToDictionary(point => point.Id);
            var right = (await corpus.InTargetAsync(await qdrant.RetrieveAsync(target, some, ReadShape.WholePayload, cancellation), cancellation)).ToDictionary(point => point.Id);
            foreach (var id in some.Distinct())
            {
                SourcePoint? there = left.TryGetValue(id, out var found) ? found : null;
                SourcePoint? here = right.TryGetValue(id, out found) ? found : null;
                if (there is not null || here is not null)
                {
                    yield return CollectionComparison.Judge(there, here, fingerprint);
                }
            }
        }
    }
}
