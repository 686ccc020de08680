using System.Runtime.CompilerServices;
using DriftGuard.Core.Indexes;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using Npgsql;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Sources.Postgres;

/// <summary>
/// The texts are in a table or view. Where its ids are numbers or UUIDs it is walked beside the collection, by keyset paging; otherwise rows
/// are looked up by the ids that the points have in their payload.
/// </summary>
internal sealed class PostgresSource(IndexDefinition index, PostgresConnections connections) : ICorpusSource
{
    private const int RowsAPage = 2_000;

    private readonly SourceDefinition source = index.Source;
    private PostgresReader? reader;
    private PostgresTable? table;

    /// <inheritdoc/>
    public string InWords => $"table {source.Table}";

    /// <inheritdoc/>
    public PayloadSelection Payload => source.PayloadId is null && source.ChunkField is null
        ? PayloadSelection.None
        : PayloadSelection.Keys(new[] { source.PayloadId ?? source.IdField, source.ChunkField }.OfType<string>());

    /// <inheritdoc/>
    public bool KnowsChanges => source is { UpdatedAt: not null, PayloadId: null };

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SourcedText>> TextsAsync(IReadOnlyList<RetrievedPoint> points, CancellationToken cancellation)
    {
        var (rows, columns) = await OpenAsync(cancellation);
        var wanted = points.Select(KeyOf).ToList();
        var read = await rows.ReadAsync(
            $"SELECT {columns.Selected} FROM {columns.Sql} WHERE {columns.Id.Sql} = ANY($1)", columns.Read, cancellation,
            columns.Id.Parameter(wanted.Select(key => key.Id).Distinct(StringComparer.Ordinal)));
        var found = new Dictionary<(string, string?), SourceRow>();
        foreach (var (key, chunk, deleted, text) in read)
        {
            if (!found.TryAdd((key, chunk), new(default, text, deleted)))
            {
                throw Repeated(key, chunk);
            }
        }

        return [.. wanted.Select(key => found.TryGetValue(key, out var row) ? row.In(InWords) : OrderedJoin.Missing(InWords))];
    }

    /// <inheritdoc/>
    public async Task<SourcedRange> RangeAsync(IReadOnlyList<RetrievedPoint> points, PointId from, PointId? end, CancellationToken cancellation)
    {
        var (_, columns) = await OpenAsync(cancellation);
        return columns.IsOrdered
            ? await OrderedJoin.JoinAsync(points, WalkAsync(from, end, cancellation), InWords, cancellation)
            : new(await TextsAsync(points, cancellation), Surplus: null);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<PointId> ChangedSinceAsync(string collection, DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (rows, columns) = await OpenAsync(cancellation);
        var changed = await rows.ReadAsync(
            $"SELECT {columns.Selected} FROM {columns.Sql} WHERE {PostgresNames.Column(source.UpdatedAt!)} >= $1 AND {columns.Id.Sql} IS NOT NULL",
            reader => columns.Read(reader) is var row ? PostgresTable.PointOf(row.Key, row.Chunk) : null, cancellation,
            new NpgsqlParameter { Value = since.UtcDateTime });
        foreach (var id in changed.OfType<PointId>())
        {
            yield return id;
        }
    }

    /// <summary>
    /// The rows of a range of ids, in id order. Each page begins with the last row of the one before, which is passed over: a second row of the
    /// same id shows itself wherever pages part.
    /// </summary>
    private async IAsyncEnumerable<SourceRow> WalkAsync(PointId from, PointId? end, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (rows, columns) = await OpenAsync(cancellation);
        var (next, last) = KeyRange.Of(columns.Id.Kind, from, end);
        string? before = null;
        while (next is not null)
        {
            var page = await rows.ReadAsync(
                $"SELECT {columns.Selected} FROM {columns.Sql} WHERE {columns.Id.Sql} >= $1 {(last is null ? "" : $"AND {columns.Id.Sql} < $2")} ORDER BY {columns.Id.Sql} LIMIT {RowsAPage}",
                columns.Read, cancellation, [columns.Id.Parameter(next), .. last is null ? [] : new[] { columns.Id.Parameter(last) }]);
            var passOver = before is not null && page.Count > 0 && page[0].Key == before ? 1 : 0;
            foreach (var (key, _, deleted, text) in page.Skip(passOver))
            {
                if (key == before)
                {
                    throw Repeated(key, null);
                }

                before = key;
                yield return new(PointId.FromText(key), text, deleted);
            }

            next = page.Count < RowsAPage ? null : before;
        }
    }

    private (string Id, string? Chunk) KeyOf(RetrievedPoint point) => (
        (source.PayloadId ?? (source.ChunkField is null ? null : source.IdField)) is { } field ? PayloadText.IdOf(point.Payload, field) ?? "" : WireForms.IdOf(point).ToString(),
        source.ChunkField is { } chunk ? PayloadText.IdOf(point.Payload, chunk) : null);

    private OperatorException Repeated(string key, string? chunk) => new(OperatorError.Invalid,
        $"table '{source.Table}' of the source has several rows of id {key}{(chunk is null ? "" : $", chunk {chunk}")}: which text is the point's cannot be told. Make the column unique, or read from a view that is");

    private async Task<(PostgresReader Reader, PostgresTable Table)> OpenAsync(CancellationToken cancellation)
    {
        reader ??= new(connections.Of(index.Name, source), source.Table!);
        table ??= await PostgresTable.OpenAsync(index, reader, cancellation);
        return (reader, table);
    }
}
