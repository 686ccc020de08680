using DriftGuard.Worker.Drift.Scheduling;

namespace DriftGuard.Worker.Tests.Drift.Scheduling;

public sealed class DriftJitterTests
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(10);

    [Fact]
    public void A_delay_is_the_same_in_every_process()
    {
        // The first 64 bits of SHA-256, little-endian, as a share of ten minutes: an upgrade must not move every check.
        DriftJitter.Of("docs", "model", Within).ShouldBe(TimeSpan.FromTicks(4_817_507_222));
        DriftJitter.Of("docs", "model", TimeSpan.Zero).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Indexes_are_spread_evenly_and_within_the_bound()
    {
        var delays = Enumerable.Range(0, 1000).Select(i => DriftJitter.Of($"index-{i}", "model", Within)).ToList();

        delays.ShouldAllBe(d => d >= TimeSpan.Zero && d < Within);
        delays.CountBy(d => (int)d.TotalMinutes).Select(c => c.Value).ShouldAllBe(count => count >= 65 && count <= 135);
    }

    [Fact]
    public void The_schedules_of_an_index_differ() =>
        DriftJitter.Of("docs", "index", Within).ShouldNotBe(DriftJitter.Of("docs", "indexDeep", Within));
}
