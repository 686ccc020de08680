using System.Runtime.CompilerServices;
using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts.Proof;
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
internal readonly record struct Compared(Difference Difference, PointId Id, SourcePoint Source, Stamp? TargetStamp)
{
    /// <summary>What both sides hold, as a proof takes it in.</summary>
    public required ComparedPoint Sides { get; init; }
}

/// <summary>
/// Compares two collections by walking both in id order: ids, texts, payloads and fingerprints, each as it is there and not as a stamp says that it
/// is. Two pages of each are in memory at a time, whatever the size of the collections.
/// </summary>
internal sealed class CollectionComparison(QdrantStore qdrant)
{
    /// <summary>Compares both collections in full.</summary>
    public IAsyncEnumerable<Compared> RunAsync(
        string source, string target, IndexCorpus corpus, string fingerprint, int pageSize, CancellationToken cancellation) =>
        RunAsync(source, target, corpus, fingerprint, pageSize, PointId.First, null, cancellation);

    /// <summary>Compares a range of ids.</summary>
    /// <param name="source">The collection that is the truth.</param>
    /// <param name="target">The other one.</param>
    /// <param name="corpus">Where the texts are, and which vectors go along.</param>
    /// <param name="fingerprint">Of the model that the target's points are to be stamped by; null where stamps say nothing.</param>
    /// <param name="pageSize">Points read at a time.</param>
    /// <param name="from">The first id.</param>
    /// <param name="until">The id at which it stops, exclusive; null for the last one.</param>
    /// <param name="cancellation">Cancels.</param>
    public async IAsyncEnumerable<Compared> RunAsync(
        string source, string target, IndexCorpus corpus, string? fingerprint, int pageSize, PointId from, PointId? until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var left = Sourced(source, corpus, pageSize, from, until, cancellation).GetAsyncEnumerator(cancellation);
        await using var right = There(target, corpus, pageSize, from, until, cancellation).GetAsyncEnumerator(cancellation);
        var (hasLeft, hasRight) = (await left.MoveNextAsync(), await right.MoveNextAsync());
        while (hasLeft || hasRight)
        {
            var order = !hasLeft ? 1 : !hasRight ? -1 : left.Current.Id.CompareTo(right.Current.Id);
            yield return Judge(order <= 0 ? left.Current : null, order >= 0 ? right.Current : null, fingerprint);
            hasLeft = order <= 0 ? await left.MoveNextAsync() : hasLeft;
            hasRight = order >= 0 ? await right.MoveNextAsync() : hasRight;
        }
    }

    /// <summary>Judges what both sides hold under an id.</summary>
    /// <param name="source">The point that is the truth; null where there is none.</param>
    /// <param name="target">The other one; null where there is none. Without a text, its stamp tells of which it is.</param>
    /// <param name="fingerprint">Of the model that the target's is to be stamped by; null where stamps say nothing.</param>
    public static Compared Judge(SourcePoint? source, SourcePoint? target, string? fingerprint)
    {
        var stamp = target is { } there ? StampPayload.Read(there.Payload) : null;
        var (left, right) = (DigestOf(source, null), DigestOf(target, stamp));
        var stamped = stamp is { Pending: null } && stamp.Fingerprint == (fingerprint ?? stamp.Fingerprint) && left?.ContentHash is { } text && stamp.ContentHash == text;
        var difference = (source, target) switch
        {
            (null, _) => Difference.Delete,
            (_, null) => Difference.Embed,
            _ when stamp is null => Difference.Unstamped,
            _ when !stamped || source.Value.Others.Digest() != stamp.OtherVectors => Difference.Embed,
            _ => left == right && stamp.PayloadHash == left!.Value.PayloadHash ? Difference.None : Difference.Payload,
        };
        var id = (source ?? target)!.Value.Id;
        return new(difference, id, source ?? default, stamp) { Sides = new(id, left, right, fingerprint is null || (stamped && stamp!.PayloadHash == left!.Value.PayloadHash)) };
    }

    private static PointDigest? DigestOf(SourcePoint? point, Stamp? stamp) =>
        point is { } there ? new(there.Text is { } text ? ContentHash.Of(text) : stamp?.ContentHash, PayloadHash.Of(there.Payload)) : null;

    private async IAsyncEnumerable<SourcePoint> Sourced(
        string collection, IndexCorpus corpus, int pageSize, PointId from, PointId? until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in corpus.ReadAsync(qdrant, collection, from, until, pageSize, cancellation))
        {
            foreach (var point in page.Points)
            {
                yield return point;
            }
        }
    }

    /// <summary>The target's points; with their texts where those are in the payload, else a source outside would be asked twice.</summary>
    private async IAsyncEnumerable<SourcePoint> There(
        string collection, IndexCorpus corpus, int pageSize, PointId from, PointId? until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in qdrant.ScrollRangeAsync(collection, from, until, pageSize, ReadShape.WholePayload, null, cancellation))
        {
            var texts = corpus.Source is PayloadSource inside ? await inside.TextsAsync(page.Points, cancellation) : null;
            for (var i = 0; i < page.Points.Count; i++)
            {
                yield return new(WireForms.IdOf(page.Points[i]), page.Points[i].Payload, texts?[i].Text);
            }
        }
    }
}
