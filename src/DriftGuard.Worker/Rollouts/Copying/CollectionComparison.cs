using System.Runtime.CompilerServices;
using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Proof;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>A point that was compared.</summary>
/// <param name="Difference">What has to be done.</param>
/// <param name="Id">The point.</param>
/// <param name="Source">The point in the source; not set for a deletion.</param>
/// <param name="TargetStamp">The stamp in the target; null if there is none.</param>
internal readonly record struct Compared(PointDifference Difference, PointId Id, SourcePoint Source, Stamp? TargetStamp)
{
    /// <summary>The text in the target; null if there is none.</summary>
    public string? TargetText { get; init; }

    /// <summary>What both sides hold, as a proof takes it in.</summary>
    public required ComparedPoint Sides { get; init; }
}

/// <summary>
/// Compares two collections by walking both in id order: ids, texts, payloads and fingerprints, each as it is there and not as a stamp says that it
/// is. Two pages of each are in memory at a time, whatever the size of the collections.
/// </summary>
internal sealed class CollectionComparison(QdrantStore qdrant)
{
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
        await foreach (var (left, right) in IdOrder.MergeAsync(
            Sourced(source, corpus, pageSize, from, until, cancellation), There(target, corpus, pageSize, from, until, cancellation), cancellation))
        {
            yield return Judge(left, right, fingerprint);
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
        var id = (source ?? target)!.Value.Id;
        var difference = PointDifferences.Judge(left, right, stamp, fingerprint);
        if ((difference is PointDifference.None or PointDifference.Payload) && source!.Value.Others.Digest() != stamp!.OtherVectors)
        {
            // A vector of another model changed: it goes along with the point.
            difference = PointDifference.Embed;
        }

        return new(difference, id, source ?? default, stamp)
        {
            TargetText = target?.Text,
            Sides = new(id, left, right, PointDifferences.IsStamped(left, stamp, fingerprint)),
        };
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

    private async IAsyncEnumerable<SourcePoint> There(
        string collection, IndexCorpus corpus, int pageSize, PointId from, PointId? until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in qdrant.ScrollRangeAsync(collection, from, until, pageSize, ReadShape.WholePayload, null, cancellation))
        {
            foreach (var point in await corpus.InTargetAsync(page.Points, cancellation))
            {
                yield return point;
            }
        }
    }
}
