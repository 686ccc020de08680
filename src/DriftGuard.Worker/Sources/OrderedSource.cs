using DriftGuard.Qdrant;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Sources;

/// <summary>A row of a source that is read in the order of point ids.</summary>
/// <param name="Id">The point.</param>
/// <param name="Text">Its text; null if the row has none.</param>
/// <param name="Deleted">Whether the row is softly deleted.</param>
public readonly record struct SourceRow(PointId Id, string? Text, bool Deleted)
{
    /// <summary>The text that the row has for its point.</summary>
    /// <param name="source">The source, for people.</param>
    public SourcedText In(string source) =>
        Deleted ? SourcedText.Missing($"softly deleted in the source ({source}), and still in the collection")
        : Text is null ? SourcedText.Missing($"no text in the source ({source})")
        : SourcedText.Of(Text);
}

/// <summary>Joins points with rows, both in id order: one walk of each, whatever their number.</summary>
internal static class OrderedJoin
{
    /// <summary>The texts of the points, and how many rows of the range no point has; rows that are softly deleted do not count.</summary>
    public static async Task<SourcedRange> JoinAsync(IReadOnlyList<RetrievedPoint> points, IAsyncEnumerable<SourceRow> rows, string source, CancellationToken cancellation)
    {
        var (texts, at, surplus) = (new SourcedText[points.Count], 0, 0L);
        Array.Fill(texts, Missing(source));
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            while (at < texts.Length && WireForms.IdOf(points[at]) < row.Id)
            {
                at++;
            }

            if (at < texts.Length && WireForms.IdOf(points[at]) == row.Id)
            {
                texts[at] = row.In(source);
            }
            else if (!row.Deleted)
            {
                surplus++;
            }
        }

        return new(texts, surplus);
    }

    /// <summary>The texts of points from rows in no order.</summary>
    public static IReadOnlyList<SourcedText> Of(IReadOnlyList<RetrievedPoint> points, IReadOnlyDictionary<PointId, SourceRow> rows, string source) =>
        [.. points.Select(point => rows.TryGetValue(WireForms.IdOf(point), out var row) ? row.In(source) : Missing(source))];

    /// <summary>What a point without a row has.</summary>
    public static SourcedText Missing(string source) => SourcedText.Missing($"not in the source ({source})");
}
