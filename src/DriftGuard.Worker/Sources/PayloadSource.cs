using System.Runtime.CompilerServices;
using DriftGuard.Core.Indexes;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Qdrant.Client.Grpc;
using Value = Qdrant.Client.Grpc.Value;

namespace DriftGuard.Worker.Sources;

/// <summary>The texts are in the payload of the points themselves.</summary>
/// <param name="template">How a text comes from the payload.</param>
/// <param name="updatedAt">The payload field, indexed as a time, that says when a point was last written; null if there is none.</param>
/// <param name="qdrant">Where the collections are; needed for changes only.</param>
public sealed class PayloadSource(TextTemplate template, string? updatedAt = null, QdrantStore? qdrant = null) : ICorpusSource
{
    private const int IdsAPage = 10_000;

    /// <inheritdoc/>
    public string InWords => $"the payload, {template}";

    /// <inheritdoc/>
    public PayloadSelection Payload { get; } = PayloadSelection.Keys(template.Fields);

    /// <inheritdoc/>
    public bool KnowsChanges => updatedAt is not null && qdrant is not null;

    /// <summary>The text of one payload.</summary>
    public SourcedText TextOf(MapField<string, Value> payload) => template.Render(field => PayloadText.Of(payload, field)) is { } text
        ? SourcedText.Of(text)
        : SourcedText.Missing(template.Fields is [var only] ? $"no text under payload key '{only}'" : $"no text under any of the payload keys {string.Join(", ", template.Fields.Select(f => $"'{f}'"))}");

    /// <inheritdoc/>
    public Task<IReadOnlyList<SourcedText>> TextsAsync(IReadOnlyList<RetrievedPoint> points, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<SourcedText>>([.. points.Select(point => TextOf(point.Payload))]);

    /// <inheritdoc/>
    public async Task<SourcedRange> RangeAsync(IReadOnlyList<RetrievedPoint> points, PointId from, PointId? end, CancellationToken cancellation) =>
        new(await TextsAsync(points, cancellation), Surplus: 0);

    /// <inheritdoc/>
    public async IAsyncEnumerable<PointId> ChangedSinceAsync(string collection, DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var filter = new Filter { Must = { new Condition { Field = new() { Key = updatedAt, DatetimeRange = new() { Gte = since.ToTimestamp() } } } } };
        await foreach (var page in qdrant!.ScrollRangeAsync(collection, PointId.First, null, IdsAPage, ReadShape.Ids, filter, cancellation))
        {
            foreach (var point in page.Points)
            {
                yield return WireForms.IdOf(point);
            }
        }
    }
}
