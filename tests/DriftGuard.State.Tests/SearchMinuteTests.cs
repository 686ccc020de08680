using DriftGuard.Core.Statistics;

namespace DriftGuard.State.Tests;

public sealed class SearchMinutesOnSqliteTests() : SearchMinuteTests(StateKind.Sqlite);

public sealed class SearchMinutesOnPostgresTests() : SearchMinuteTests(StateKind.Postgres);

public abstract class SearchMinuteTests(StateKind kind) : StateFolder(kind)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_minute_that_is_kept_again_is_replaced_and_those_of_two_gateways_add_up()
    {
        var other = await OpenAsync();
        await Store.KeepSearchMinutesAsync([Counted(Noon, 3, failed: 1)], Cancellation);
        await Store.KeepSearchMinutesAsync([Counted(Noon, 5, failed: 2), Counted(Noon + Minute, 1)], Cancellation);
        await other.KeepSearchMinutesAsync([Counted(Noon, 10, empty: 4)], Cancellation);

        var minutes = await Store.SearchMinutesAsync("docs", "blue", Noon, Noon.AddHours(1), Cancellation);

        minutes.Select(minute => minute.Minute).ShouldBe([Noon + Minute, Noon], "latest first");
        minutes[1].Figures.ShouldSatisfyAllConditions(
            figures => (figures.Searches, figures.Failed, figures.Empty).ShouldBe((15, 2, 4)),
            figures => figures.Latency.Count.ShouldBe(15));
    }

    [Fact]
    public async Task Each_collection_and_each_index_has_its_own()
    {
        await Store.KeepSearchMinutesAsync([Counted(Noon, 1), Counted(Noon, 2) with { Collection = "green" }, Counted(Noon, 4) with { Index = "faq" }], Cancellation);

        (await SumAsync("docs", "blue")).ShouldBe(1);
        (await SumAsync("docs", "green")).ShouldBe(2);
        (await SumAsync("faq", "blue")).ShouldBe(4);
        (await SumAsync("faq", "green")).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_asked_for_has_its_beginning_and_not_its_end_and_old_ones_are_dropped()
    {
        await Store.KeepSearchMinutesAsync([.. Enumerable.Range(0, 5).Select(minute => Counted(Noon + (minute * Minute), 1))], Cancellation);

        (await Store.SearchMinutesAsync("docs", "blue", Noon + Minute, Noon + (3 * Minute), Cancellation)).Count.ShouldBe(2);
        await Store.DropSearchMinutesAsync(Noon + (2 * Minute), Cancellation);
        (await SumAsync("docs", "blue")).ShouldBe(3);
    }

    private async Task<long> SumAsync(string index, string collection) =>
        (await Store.SearchMinutesAsync(index, collection, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, Cancellation)).Sum(minute => minute.Figures.Searches);

    private static SearchMinute Counted(DateTimeOffset minute, int searches, int failed = 0, int empty = 0)
    {
        var latency = new LatencyHistogram();
        for (var i = 0; i < searches; i++)
        {
            latency.Add(i);
        }

        return new("docs", "blue", minute, new(searches, failed, empty, latency));
    }
}
