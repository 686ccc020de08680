using System.Globalization;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Drift.Points;

/// <summary>
/// A payload field that says when a document was written or changed, found by its values: a part of a corpus that was re-embedded is often all
/// that is newer, or older, than a day.
/// </summary>
internal static class TimeField
{
    private const double MostOfAll = .9;
    private const int MostBuckets = 24;

    /// <summary>The bucket of each point by a field that is a time in nearly all of them; null where there is no such field, or all fall into one bucket.</summary>
    public static (string Field, IReadOnlyList<string?> Buckets)? Find(IReadOnlyList<SampledDocument> sample)
    {
        foreach (var field in sample.SelectMany(point => point.Payload.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var times = sample.Select(point => point.Payload.TryGetValue(field, out var value) ? TimeOf(value) : null).ToList();
            if (times.Count(time => time is not null) >= MostOfAll * sample.Count && Buckets(times) is { } buckets)
            {
                return (field, buckets);
            }
        }

        return null;
    }

    private static IReadOnlyList<string?>? Buckets(List<DateTimeOffset?> times)
    {
        foreach (var format in (string[])["yyyy-MM-dd HH'h'", "yyyy-MM-dd", "yyyy-MM", "yyyy"])
        {
            var buckets = times.ConvertAll(time => time?.ToString(format, CultureInfo.InvariantCulture));
            if (buckets.Distinct(StringComparer.Ordinal).Count() is > 1 and <= MostBuckets)
            {
                return buckets;
            }
        }

        return null;
    }

    /// <summary>A time as ISO 8601; numbers are too often something else.</summary>
    private static DateTimeOffset? TimeOf(Value value) =>
        value is { KindCase: Value.KindOneofCase.StringValue, StringValue: { Length: >= 10 and <= 40 } text } && text[4] == '-' && text[7] == '-'
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;
}
