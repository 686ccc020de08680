using System.Runtime.CompilerServices;
using DriftGuard.Core.Points;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Worker.Points;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>What has to be done to one point so that the target holds what the source holds.</summary>
internal enum Difference
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Embed and write: it is missing, its text changed, or its stamp is gone or of another model.</summary>
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
        string source, string target, string textField, string fingerprint, int pageSize, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var left = Points(source, pageSize, ReadShape.WholePayload, cancellation).GetAsyncEnumerator(cancellation);
        await using var right = Points(target, StampsAPage, ReadShape.Stamps, cancellation).GetAsyncEnumerator(cancellation);
        var (hasLeft, hasRight) = (await left.MoveNextAsync(), await right.MoveNextAsync());
        while (hasLeft || hasRight)
        {
            var order = !hasLeft ? 1 : !hasRight ? -1 : left.Current.Id.CompareTo(right.Current.Id);
            yield return order switch
            {
                < 0 => new(Difference.Embed, left.Current.Id, SourcePoint.Of(left.Current.Point), null),
                > 0 => new(Difference.Delete, right.Current.Id, default, StampPayload.Read(right.Current.Point.Payload)),
                _ => Judge(left.Current.Id, SourcePoint.Of(left.Current.Point), StampPayload.Read(right.Current.Point.Payload), textField, fingerprint),
            };
            hasLeft = order <= 0 ? await left.MoveNextAsync() : hasLeft;
            hasRight = order >= 0 ? await right.MoveNextAsync() : hasRight;
        }
    }

    private static Compared Judge(PointId id, SourcePoint source, Stamp? stamp, string textField, string fingerprint)
    {
        var difference = stamp is null ? Difference.Unstamped : stamp.Fingerprint != fingerprint || stamp.Pending is not null || !SameText(source, textField, stamp)
            ? Difference.Embed
            : stamp.PayloadHash != PayloadHash.Of(source.Payload) ? Difference.Payload : Difference.None;
        return new(difference, id, source, stamp);
    }

    private static bool SameText(SourcePoint source, string textField, Stamp stamp)
    {
        var text = source.Text(textField);
        return text is not null && ContentHash.Of(text) == stamp.ContentHash;
    }

    private async IAsyncEnumerable<(PointId Id, RetrievedPoint Point)> Points(
        string collection, int pageSize, ReadShape shape, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in qdrant.ScrollRangeAsync(collection, PointId.First, null, pageSize, shape, null, cancellation))
        {
            foreach (var point in page.Points)
            {
                yield return (WireForms.IdOf(point), point);
            }
        }
    }
}
