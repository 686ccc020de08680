using System.Globalization;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Sources.Rows;

/// <summary>Times in rows: RFC 3339 texts, or seconds or milliseconds since 1970.</summary>
internal static class SourceTime
{
    // Later than the year 5000 as seconds, and 1973 as milliseconds: whoever counts so many counts milliseconds.
    private const long LargestSeconds = 100_000_000_000;

    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>The time in a field; null where it is missing or null.</summary>
    /// <exception cref="FormatException">The field holds something else.</exception>
    public static DateTimeOffset? Of(MapField<string, Value> fields, string field)
    {
        var value = fields.GetValueOrDefault(field);
        return value?.KindCase switch
        {
            null or Value.KindOneofCase.NullValue => null,
            Value.KindOneofCase.StringValue when DateTimeOffset.TryParse(value.StringValue, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) => time,
            Value.KindOneofCase.IntegerValue when Math.Abs(value.IntegerValue) <= LargestSeconds => DateTimeOffset.FromUnixTimeSeconds(value.IntegerValue),
            Value.KindOneofCase.IntegerValue when Math.Abs(value.IntegerValue) / 1000 <= LargestSeconds => DateTimeOffset.FromUnixTimeMilliseconds(value.IntegerValue),
            _ => throw new FormatException($"'{field}' is no time: expected an RFC 3339 text such as 2026-01-31T12:00:00Z, or seconds or milliseconds since 1970"),
        };
    }

    /// <summary>Whether a field says that the row is deleted: true, or a time.</summary>
    /// <exception cref="FormatException">The field holds something else.</exception>
    public static bool IsDeleted(MapField<string, Value> fields, string field) =>
        fields.GetValueOrDefault(field) is { KindCase: Value.KindOneofCase.BoolValue } flag ? flag.BoolValue : Of(fields, field) is not null;
}
