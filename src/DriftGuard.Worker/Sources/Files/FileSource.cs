using System.Runtime.CompilerServices;
using DriftGuard.Core.Indexes;
using DriftGuard.Qdrant;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Sources.Files;

/// <summary>The texts are in a file of JSON Lines or Parquet, read by its spool: sorted by id, made once for each state of the file.</summary>
internal sealed class FileSource(IndexDefinition index, SourceSpools spools) : ICorpusSource
{
    private Spool? spool;

    /// <inheritdoc/>
    public string InWords => index.Source.Path!;

    /// <inheritdoc/>
    public PayloadSelection Payload => PayloadSelection.None;

    /// <inheritdoc/>
    public bool KnowsChanges => index.Source.UpdatedAt is not null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SourcedText>> TextsAsync(IReadOnlyList<RetrievedPoint> points, CancellationToken cancellation) =>
        OrderedJoin.Of(points, await (await OpenAsync(cancellation)).RowsAsync([.. points.Select(WireForms.IdOf)], cancellation), InWords);

    /// <inheritdoc/>
    public async Task<SourcedRange> RangeAsync(IReadOnlyList<RetrievedPoint> points, PointId from, PointId? end, CancellationToken cancellation) =>
        await OrderedJoin.JoinAsync(points, (await OpenAsync(cancellation)).RangeAsync(from, end, cancellation), InWords, cancellation);

    /// <inheritdoc/>
    public async IAsyncEnumerable<PointId> ChangedSinceAsync(string collection, DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var id in (await OpenAsync(cancellation)).ChangedSinceAsync(since, cancellation))
        {
            yield return id;
        }
    }

    /// <summary>One state of the file for as long as this lasts: a pass does not see half of one and half of another.</summary>
    private async Task<Spool> OpenAsync(CancellationToken cancellation) => spool ??= await spools.OpenAsync(index, cancellation);
}
