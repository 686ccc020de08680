using System.Text.Json;
using DriftGuard.Core.Statistics;

namespace DriftGuard.Core.Tests.Statistics;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void A_quantile_is_the_one_of_the_times_themselves_within_its_error_bound()
    {
        var random = new Random(5);
        var times = Enumerable.Range(0, 5_000).Select(_ => Math.Exp((random.NextDouble() * 13) - 2)).Order().ToList();
        var histogram = Of(times);
        foreach (var share in new[] { 0, .01, .25, .5, .9, .95, .99, 1 })
        {
            var exact = times[Math.Max(1, (int)Math.Ceiling(share * times.Count)) - 1];
            Assert.InRange(histogram.Quantile(share)!.Value / exact, Math.Pow(2, -1 / 16d) - 1e-9, Math.Pow(2, 1 / 16d) + 1e-9);
        }
    }

    [Fact]
    public void Several_that_are_merged_say_what_one_of_all_times_says()
    {
        var random = new Random(6);
        var times = Enumerable.Range(0, 300).Select(_ => random.NextDouble() * 500).ToList();
        var merged = Of(times[..100]);
        merged.Merge(Of(times[100..]));
        Assert.Equal(300, merged.Count);
        Assert.Equal(JsonSerializer.Serialize(Of(times)), JsonSerializer.Serialize(merged));
    }

    [Fact]
    public void One_that_is_merged_into_itself_counts_twice()
    {
        var histogram = Of([3, 700]);
        histogram.Merge(histogram);
        Assert.Equal(4, histogram.Count);
        Assert.Equal(2, histogram.CountAbove(100));
    }

    [Fact]
    public void Nothing_has_no_quantile() => Assert.Null(new LatencyHistogram().Quantile(.5));

    [Fact]
    public void Times_beyond_both_ends_are_counted_and_said_as_the_bound()
    {
        var histogram = Of([0, .05, 1e9, double.PositiveInfinity]);
        Assert.Equal(4, histogram.Count);
        Assert.Equal(LatencyHistogram.Least, histogram.Quantile(.5));
        Assert.Equal(LatencyHistogram.Most, histogram.Quantile(1));
        Assert.Equal(2, histogram.CountAbove(LatencyHistogram.Most));
        Assert.Equal(0, histogram.CountAbove(LatencyHistogram.Most + 1));
    }

    [Fact]
    public void What_is_above_a_threshold_is_never_counted_too_high_and_exact_where_a_bucket_begins()
    {
        var random = new Random(7);
        var times = Enumerable.Range(0, 2_000).Select(_ => random.NextDouble() * 1_000).ToList();
        var histogram = Of(times);
        foreach (var threshold in new[] { 0, .01, 3, 99.9, 250, 640, 999 })
        {
            Assert.InRange(histogram.CountAbove(threshold), times.Count(time => time >= threshold * Math.Pow(2, 1 / 8d)), times.Count(time => time >= threshold));
        }

        foreach (var bound in new[] { .1, .8, 102.4, 409.6 })
        {
            Assert.Equal(times.Count(time => time >= bound), histogram.CountAbove(bound));
        }

        Assert.Equal(1, Of([102.4]).CountAbove(102.4));
        Assert.Equal(0, Of([102.3]).CountAbove(102.4));
    }

    [Fact]
    public void It_comes_back_from_JSON_as_it_was()
    {
        var histogram = Of([0, .3, .3, 42, 1e7]);
        var json = JsonSerializer.Serialize(histogram);
        Assert.Equal("[[0,1],[13,2],[70,1],[161,1]]", json);
        var back = JsonSerializer.Deserialize<LatencyHistogram>(json)!;
        Assert.Equal(histogram.Count, back.Count);
        Assert.Equal(json, JsonSerializer.Serialize(back));
        Assert.Equal("[]", JsonSerializer.Serialize(new LatencyHistogram()));
    }

    [Theory]
    [InlineData("[[-1,1]]")]
    [InlineData("[[162,1]]")]
    [InlineData("[[3,0]]")]
    [InlineData("[[3,1],[3,1]]")]
    [InlineData("[[4,1],[3,1]]")]
    [InlineData("[[4]]")]
    [InlineData("[null]")]
    [InlineData("{}")]
    public void What_is_no_histogram_is_refused(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<LatencyHistogram>(json));

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_time_that_is_none_is_refused(double time) => Assert.Throws<ArgumentOutOfRangeException>(() => new LatencyHistogram().Add(time));

    [Theory]
    [InlineData(-.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_share_that_is_none_is_refused(double share) => Assert.Throws<ArgumentOutOfRangeException>(() => Of([1]).Quantile(share));

    private static LatencyHistogram Of(IReadOnlyList<double> times)
    {
        var histogram = new LatencyHistogram();
        foreach (var time in times)
        {
            histogram.Add(time);
        }

        return histogram;
    }
}
