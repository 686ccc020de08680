using System.Runtime.CompilerServices;
using DriftGuard.Core.Indexes;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Points;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Sources;

/// <summary>A page of a corpus, in id order.</summary>
/// <param name="Points">The points with their texts.</param>
/// <param name="Next">Where the next page starts; null after the last.</param>
/// <param name="Surplus">Texts of the source in the page's range that no point has; null where the source cannot tell.</param>
public sealed record CorpusPage(IReadOnlyList<SourcePoint> Points, PointId? Next, long? Surplus);

/// <summary>
/// What of an index' points is embedded, and into which of their vectors: the one way to the text of a point, so that nothing embeds,
/// compares or shows another text than a rollout does.
/// </summary>
/// <param name="Source">Where the texts are.</param>
/// <param name="Vector">The vector that the model makes; the default vector has the empty name.</param>
/// <param name="Others">The vectors beside it, which are carried as they are.</param>
public sealed record IndexCorpus(ICorpusSource Source, string Vector, IReadOnlyList<string> Others)
{
    /// <summary>The text is one payload field, and there is one unnamed vector.</summary>
    public static IndexCorpus OfField(string field) => new(new PayloadSource(TextTemplate.OfField(field)), "", []);

    /// <summary>Whether the source tells of every change: of one to a carried vector no source does.</summary>
    public bool KnowsChanges => Source.KnowsChanges && Others.Count == 0;

    /// <summary>Whole payloads, and of the vectors those that are carried.</summary>
    public ReadShape Carried => ReadShape.WholePayload with { VectorNames = Others };

    /// <summary>Whole payloads, and of the vectors the model's own.</summary>
    public ReadShape Owned => Vector.Length == 0 && Others.Count == 0 ? ReadShape.Everything : ReadShape.WholePayload with { VectorNames = [Vector] };

    /// <summary>The points of a collection from one id up to another, page by page, with texts and with the vectors that are carried.</summary>
    public async IAsyncEnumerable<CorpusPage> ReadAsync(
        QdrantStore qdrant, string collection, PointId from, PointId? end, int pageSize, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (start, any) = (from, false);
        await foreach (var page in qdrant.ScrollRangeAsync(collection, from, end, pageSize, Carried, null, cancellation))
        {
            var range = await Source.RangeAsync(page.Points, start, page.Next ?? end, cancellation);
            yield return new([.. page.Points.Select((point, i) => With(point, range.Texts[i]))], page.Next, range.Surplus);
            (start, any) = (page.Next ?? start, true);
        }

        if (!any && !(from >= end))
        {
            // A range without points may have texts all the same.
            yield return new([], null, (await Source.RangeAsync([], from, end, cancellation)).Surplus);
        }
    }

    /// <summary>Points that were read as <see cref="Carried"/>, with their texts, in their order.</summary>
    public async Task<IReadOnlyList<SourcePoint>> WithTextsAsync(IReadOnlyList<RetrievedPoint> points, CancellationToken cancellation)
    {
        var texts = await Source.TextsAsync(points, cancellation);
        return [.. points.Select((point, i) => With(point, texts[i]))];
    }

    /// <summary>
    /// Points of the collection that is made equal to the source, in their order; with their texts where those are in the payload, else a source
    /// outside would be asked twice.
    /// </summary>
    public async Task<IReadOnlyList<SourcePoint>> InTargetAsync(IReadOnlyList<RetrievedPoint> points, CancellationToken cancellation)
    {
        var texts = Source is PayloadSource inside ? await inside.TextsAsync(points, cancellation) : null;
        return [.. points.Select((point, i) => new SourcePoint(WireForms.IdOf(point), point.Payload, texts?[i].Text))];
    }

    private SourcePoint With(RetrievedPoint point, SourcedText text) =>
        new(WireForms.IdOf(point), point.Payload, text.Text) { WhyNoText = text.WhyNot, Others = CarriedVectors.Of(point, Others) };
}
