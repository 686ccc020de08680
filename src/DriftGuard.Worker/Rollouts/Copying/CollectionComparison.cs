using System.Runtime.CompilerServices;
using DriftGuard.Core.Points;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>What has to be done to one point so that the target holds what the source holds.</summary>
internal enum Difference
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Embed and write: it is missing, its text or a vector beside the model's changed, or its stamp is gone or of another model.</summary>
    Embed,

    /// <summary>Overwrite the payload: the text is the same.</summary>
    Payload,

    /// <summary>It carries no stamp, so only its payload can tell whether it differs.</summary>
    Unstamped,

    /// <summary>Delete it in the target, once its absence in the source is confirmed.</summary>
    Delete,
}

/// <summary>A point that was compared.</summary>
/// <param name="Difference">What has to be done.</param>
/// <param name="Id">The point.</param>
/// <param name="Source">The point in the source; not set for a deletion.</param>
/// <param name="TargetStamp">The stamp in the target; null if there is none.</param>
internal readonly record struct Compared(Difference Difference, PointId Id, SourcePoint Source, Stamp? TargetStamp);

/// <summary>
/// Compares two collections in full by walking both in id order: ids, content hashes, payload hashes, fingerprints. Two pages are in
/// memory at a time, whatever the size of the collections.
/// </summary>
internal sealed class CollectionComparison(QdrantStore qdrant)
{
    private const int StampsAPage = 2_000;

    public async IAsyncEnumerable<Compared> RunAsync(
        string source, string target, IndexCorpus corpus, string fingerprint, int pageSize, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var left = Sourced(source, corpus, pageSize, cancellation).GetAsyncEnumerator(cancellation);
        await using var right = Stamps(target, cancellation).GetAsyncEnumerator(cancellation);
        var (hasLeft, hasRight) = (await left.MoveNextAsync(), await right.MoveNextAsync());
        while (hasLeft || hasRight)
        {
            var order = !hasLeft ? 1 : !hasRight ? -1 : left.Current.Id.CompareTo(right.Current.Id);
            yield return order switch
            {
                < 0 => new(Difference.Embed, left.Current.Id, left.Current, null),
                > 0 => new(Difference.Delete, right.Current.Id, default, right.Current.Stamp),
                _ => Judge(left.Current, right.Current.Stamp, fingerprint),
            };
            hasLeft = order <= 0 ? await left.MoveNextAsync() : hasLeft;
            hasRight = order >= 0 ? await right.MoveNextAsync() : hasRight;
        }
    }

    private static Compared Judge(SourcePoint source, Stamp? stamp, string fingerprint)
    {
        var difference = stamp is null ? Difference.Unstamped : stamp.Fingerprint != fingerprint || stamp.Pending is not null || !SameText(source, stamp) || source.Others.Digest() != stamp.OtherVectors
            ? Difference.Embed
            : stamp.PayloadHash != PayloadHash.Of(source.Payload) ? Difference.Payload : Difference.None;
        return new(difference, source.Id, source, stamp);
    }

    private static bool SameText(SourcePoint source, Stamp stamp) => source.Text is not null && ContentHash.Of(source.Text) == stamp.ContentHash;

    private async IAsyncEnumerable<SourcePoint> Sourced(string collection, IndexCorpus corpus, int pageSize, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in corpus.ReadAsync(qdrant, collection, PointId.First, null, pageSize, cancellation))
        {
            foreach (var point in page.Points)
            {
                yield return point;
            }
        }
    }

    private async IAsyncEnumerable<(PointId Id, Stamp? Stamp)> Stamps(string collection, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in qdrant.ScrollRangeAsync(collection, PointId.First, null, StampsAPage, ReadShape.Stamps, null, cancellation))
        {
            foreach (var point in page.Points)
            {
                yield return (WireForms.IdOf(point), StampPayload.Read(point.Payload));
            }
        }
    }
}
