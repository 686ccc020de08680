using System.Text.Json;
using System.Text.Json.Serialization;

namespace DriftGuard.Core.Statistics;

/// <summary>
/// How long things took, in milliseconds, counted in buckets: <see cref="BucketsPerDoubling"/> to a doubling from <see cref="Least"/> to
/// <see cref="Most"/>, one for what is below and one for what is above. Those of several processes and minutes add up to what one would
/// have counted, which quantiles do not. As JSON it is the buckets that hold something, as pairs <c>[bucket, count]</c> in ascending order.
/// Not thread-safe.
/// </summary>
[JsonConverter(typeof(LatencyHistogramConverter))]
public sealed class LatencyHistogram
{
    /// <summary>Buckets in which times double; a quantile is off by 2^(1/16) - 1 at most, which is 4.5 %.</summary>
    public const int BucketsPerDoubling = 8;

    /// <summary>Milliseconds below which all times are in one bucket.</summary>
    public const double Least = .1;

    /// <summary>Milliseconds from which all times are in one bucket.</summary>
    public const double Most = Least * (1 << Doublings);

    private const int Doublings = 20;
    private static readonly double[] Bounds = [.. Enumerable.Range(0, (Doublings * BucketsPerDoubling) + 1).Select(BoundOf)];

    private readonly long[] _counts = new long[Bounds.Length + 1];

    /// <summary>Times that were added.</summary>
    public long Count { get; private set; }

    /// <summary>How many buckets there are; they are numbered from 0.</summary>
    internal static int BucketCount => Bounds.Length + 1;

    /// <summary>Adds a time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or no number.</exception>
    public void Add(double milliseconds)
    {
        if (!(milliseconds >= 0))
            throw new ArgumentOutOfRangeException(nameof(milliseconds), milliseconds, "Expected 0 or more.");
        AddTo(BucketOf(milliseconds), 1);
    }

    /// <summary>Adds what another counted, which stays as it is.</summary>
    public void Merge(LatencyHistogram other)
    {
        // Of itself as well: each bucket is read before it is written.
        for (var bucket = 0; bucket < _counts.Length; bucket++)
            AddTo(bucket, other._counts[bucket]);
    }

    /// <summary>
    /// The time that a share of all is at or below (nearest rank): the geometric middle of its bucket, at most 4.5 % off. Of the buckets at the
    /// ends it is their bound: <see cref="Least"/> means at most that, <see cref="Most"/> that or more.
    /// </summary>
    /// <param name="share">From 0, the shortest, to 1, the longest.</param>
    /// <returns>Milliseconds; null where nothing was added.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is not from 0 to 1.</exception>
    public double? Quantile(double share)
    {
        if (!(share is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "Expected a share from 0 to 1.");
        if (Count == 0)
            return null;
        var rank = Math.Clamp((long)Math.Ceiling(share * Count), 1, Count);
        var bucket = 0;
        for (var below = _counts[0]; below < rank; below += _counts[bucket])
            bucket++;
        return bucket == 0 ? Least : bucket == Bounds.Length ? Most : Math.Sqrt(Bounds[bucket - 1] * Bounds[bucket]);
    }

    /// <summary>
    /// Times in buckets that lie wholly at or above a threshold. Those in the threshold's own bucket are not counted, unless it begins there: never too many.
    /// </summary>
    public long CountAbove(double milliseconds)
    {
        var first = milliseconds <= 0 ? 0 : BucketOf(milliseconds) is var own && own > 0 && Bounds[own - 1] >= milliseconds ? own : own + 1;
        return _counts.AsSpan(Math.Min(first, _counts.Length)).ToArray().Sum();
    }

    /// <summary>The buckets that hold something, in ascending order.</summary>
    internal IEnumerable<(int Bucket, long Count)> Filled => _counts.Index().Where(bucket => bucket.Item > 0);

    internal void AddTo(int bucket, long count)
    {
        _counts[bucket] += count;
        Count += count;
    }

    /// <summary>The bucket of a time: that many bounds are at or below it.</summary>
    private static int BucketOf(double milliseconds) => Array.BinarySearch(Bounds, milliseconds) is var at && at >= 0 ? at + 1 : ~at;

    /// <summary>Whole doublings are exact, so that a bound is the same on every machine.</summary>
    private static double BoundOf(int bucket) => Math.ScaleB(Least * Math.Pow(2, bucket % BucketsPerDoubling / (double)BucketsPerDoubling), bucket / BucketsPerDoubling);
}

/// <summary>Writes and reads the buckets that hold something.</summary>
internal sealed class LatencyHistogramConverter : JsonConverter<LatencyHistogram>
{
    public override LatencyHistogram Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var histogram = new LatencyHistogram();
        var last = -1;
        foreach (var pair in JsonSerializer.Deserialize<long[][]>(ref reader, options) ?? [])
        {
            if (pair is not [var bucket, > 0 and var count] || bucket <= last || bucket >= LatencyHistogram.BucketCount)
                throw new JsonException($"A histogram has a bucket {JsonSerializer.Serialize(pair)}: expected its number, from 0 to {LatencyHistogram.BucketCount - 1} and ascending, and a count.");
            histogram.AddTo(last = (int)bucket, count);
        }

        return histogram;
    }

    public override void Write(Utf8JsonWriter writer, LatencyHistogram value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var (bucket, count) in value.Filled)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(bucket);
            writer.WriteNumberValue(count);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }
}
