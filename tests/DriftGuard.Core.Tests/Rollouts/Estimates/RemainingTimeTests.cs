using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Estimates;
using DriftGuard.Core.Rollouts.Limits;

namespace DriftGuard.Core.Tests.Rollouts.Estimates;

public sealed class RemainingTimeTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Rates that vary as a copy's do: log-normal, each alike to the one before, of different spread; the estimate is made somewhere in the middle and
    /// held against what then happens.
    /// </summary>
    [Theory]
    [InlineData(.1, 0)]
    [InlineData(.4, 0)]
    [InlineData(.1, .5)]
    [InlineData(.4, .5)]
    [InlineData(.3, .8)]
    public void The_interval_holds_what_happens_about_as_often_as_it_says(double spread, double alike)
    {
        const int Trials = 2_000;
        var random = new Random(20260302);
        var (inside, longer, shorter) = (0, 0, 0);
        for (var trial = 0; trial < Trials; trial++)
        {
            var (seen, ahead) = (random.Next(15, 60), random.Next(20, 400));
            var units = Rates(random, spread, alike).Take(seen + (3 * ahead)).ToArray();
            long done = 0;
            var samples = units.Take(seen).Select((u, i) => new ProgressSample(Start + ((i + 1) * CopyProgress.Interval), done += u)).Prepend(new(Start, 0)).ToList();
            var left = units.Skip(seen).Take(ahead).Sum();

            var estimate = RemainingTime.Of(samples, left).ShouldNotBeNull();

            var actual = ahead * CopyProgress.Interval;
            inside += estimate.Low <= actual && actual <= estimate.High ? 1 : 0;
            longer += actual > estimate.High ? 1 : 0;
            shorter += actual < estimate.Low ? 1 : 0;
        }

        var coverage = inside / (double)Trials;
        coverage.ShouldBeInRange(.72, .92, $"{coverage:P1} inside, {longer} longer, {shorter} shorter, of {Trials}");
    }

    [Fact]
    public void A_steady_rate_leaves_no_doubt()
    {
        var estimate = RemainingTime.Of([.. Enumerable.Range(0, 10).Select(i => new ProgressSample(Start + TimeSpan.FromSeconds(5 * i), 500 * i))], 6_000).ShouldNotBeNull();

        (estimate.Expected, estimate.Low, estimate.High).ShouldBe((TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60)));
        estimate.PerSecond.ShouldBe(100);
        estimate.Text.ShouldBe("about 1m left (1m to 1m in 4 of 5 cases)");
    }

    [Fact]
    public void Rates_that_vary_more_make_it_less_certain_and_never_negative()
    {
        double Width(params long[] done)
        {
            var estimate = RemainingTime.Of([.. done.Select((d, i) => new ProgressSample(Start + TimeSpan.FromSeconds(5 * i), d))], 6_000).ShouldNotBeNull();
            estimate.Low.ShouldBeGreaterThan(TimeSpan.Zero);
            return (estimate.High - estimate.Low) / estimate.Expected;
        }

        Width(0, 490, 1_000, 1_510, 2_000, 2_500).ShouldBeLessThan(Width(0, 100, 1_000, 1_100, 2_400, 2_500));
    }

    [Fact]
    public void Nothing_is_said_of_too_little_or_of_a_stand()
    {
        RemainingTime.Of([], 100).ShouldBeNull();
        RemainingTime.Of([.. Enumerable.Range(0, 3).Select(i => new ProgressSample(Start + TimeSpan.FromSeconds(5 * i), 500 * i))], 100).ShouldBeNull();
        RemainingTime.Of([.. Enumerable.Range(0, 30).Select(i => new ProgressSample(Start + TimeSpan.FromSeconds(5 * i), 500))], 100).ShouldBeNull();
    }

    [Fact]
    public void Samples_are_kept_an_interval_apart_for_five_minutes_and_begin_anew_with_other_limits_after_a_pause_or_by_a_clock_that_was_set_back()
    {
        var (limits, at) = (new RolloutLimits(), Start);
        var progress = new CopyProgress(10_000, limits, null, []);
        for (var second = 0; second < 600; second++, at += TimeSpan.FromSeconds(1))
        {
            progress = progress.Seen(new(at, second), limits, null);
        }

        progress.Samples.Count.ShouldBe(60);
        progress.Seen(new(at, 600), limits, null).Samples.Count.ShouldBe(60);
        progress.Seen(new(progress.Samples[^1].At + TimeSpan.FromSeconds(1), 600), limits, "slow").ShouldBeSameAs(progress, "it is too early for another one");
        progress.Seen(new(at, 600), limits with { PointsPerSecond = 5 }, null).Samples.ShouldHaveSingleItem();
        progress.Seen(new(at + TimeSpan.FromMinutes(5), 600), limits, null).Samples.ShouldHaveSingleItem();
        progress.Seen(new(at - TimeSpan.FromHours(30), 600), limits, null).Samples.ShouldHaveSingleItem();
    }

    private static IEnumerable<long> Rates(Random random, double spread, double alike)
    {
        const double UnitsAnInterval = 5_000;
        var deviation = Normal(random);
        while (true)
        {
            yield return (long)(UnitsAnInterval * Math.Exp((spread * deviation) - (spread * spread / 2)));
            deviation = (alike * deviation) + (Math.Sqrt(1 - (alike * alike)) * Normal(random));
        }
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
