using System.Globalization;

namespace DriftGuard.Worker.Sources.Postgres;

/// <summary>The part of a range of point ids that a column of one kind can hold.</summary>
internal static class KeyRange
{
    /// <summary>Where to begin, null where the column can hold none of them; and the first key behind the range, null where it has no end.</summary>
    public static (string? From, string? End) Of(KeyKind kind, PointId from, PointId? end) => kind switch
    {
        KeyKind.Number when !from.IsNumber || from.Number > long.MaxValue => (null, null),
        KeyKind.Number => (Text(from.Number), end is { IsNumber: true, Number: <= long.MaxValue } to ? Text(to.Number) : null),
        _ when end is { IsNumber: true } || end == PointId.FirstUuid => (null, null),
        _ => ((from.IsNumber ? PointId.FirstUuid : from).ToString(), end?.ToString()),
    };

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
