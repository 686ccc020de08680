using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Shadow;

namespace DriftGuard.State.Tests;

public sealed class ShadowTrafficOnSqliteTests() : ShadowTrafficTests(StateKind.Sqlite);

public sealed class ShadowTrafficOnPostgresTests() : ShadowTrafficTests(StateKind.Postgres);

public abstract class ShadowTrafficTests(StateKind kind) : StateFolder(kind)
{
    private static readonly ShadowQuery[] None = [];

    [Fact]
    public async Task What_gateways_count_in_minutes_adds_up()
    {
        var rollout = await RolloutAsync();
        await AddAsync(rollout, "a", Noon, Figures(.2, 3));
        await AddAsync(rollout, "a", Noon.AddMinutes(2), Figures(.4, 5));
        await (await OpenAsync()).AddShadowTrafficAsync(rollout.Id, "b", Minute(Noon.AddMinutes(1), Figures(0, 7)), None, 10, Cancellation);

        var totals = (await Store.ShadowTotalsAsync(rollout.Id, Cancellation)).ShouldNotBeNull();

        (totals.Gateways, totals.Since, totals.Until).ShouldBe((2, Noon, Noon.AddMinutes(2)));
        (totals.Figures.Compared, totals.Figures.Disjoint, totals.Figures.Texts).ShouldBe((3, 1, 3));
        totals.Figures.MeanOverlap()!.Value.ShouldBe(.2, 1e-12);
        (totals.Figures.Blue.Count, totals.Figures.Green.Quantile(1)).ShouldBe((3, Figures(0, 7).Green.Quantile(1)));
    }

    [Fact]
    public async Task What_a_gateway_writes_of_a_minute_replaces_what_it_wrote_of_it()
    {
        var rollout = await RolloutAsync();
        var figures = Figures(.5, 3);
        await AddAsync(rollout, "a", Noon, figures);
        await AddAsync(rollout, "a", Noon, figures);
        figures.Failed = 4;
        await AddAsync(rollout, "a", Noon, figures);

        var totals = (await Store.ShadowTotalsAsync(rollout.Id, Cancellation)).ShouldNotBeNull();

        (totals.Figures.Compared, totals.Figures.Failed).ShouldBe((1, 4));
    }

    [Fact]
    public async Task A_query_is_read_as_it_was_written_and_counted_on_when_it_is_seen_again()
    {
        var rollout = await RolloutAsync();
        var query = Query("reset my password", .3) with { TopShift = .1, MeanShift = -.2, GreenVector = [1, 2, 3, 4] };
        await OfferAsync(rollout, 10, query);
        var again = query with { At = Noon.AddHours(1), Overlap = .1, Blue = [new("9", .9)], Seen = 2 };
        await OfferAsync(rollout, 10, again);

        var read = (await (await OpenAsync()).ShadowQueriesAsync(rollout.Id, Cancellation)).ShouldHaveSingleItem();

        read.Seen.ShouldBe(3);
        read.Blue.ShouldBe(again.Blue);
        read.Green.ShouldBe(query.Green);
        read.GreenVector.ShouldBe([1, 2, 3, 4]);
        (read with { Seen = again.Seen, Blue = again.Blue, Green = again.Green, GreenVector = again.GreenVector }).ShouldBe(again);
    }

    [Fact]
    public async Task Those_are_kept_that_differ_most()
    {
        var rollout = await RolloutAsync();
        await OfferAsync(rollout, 3, Query("a", .5), Query("b", .1), Query("c", .9));
        await OfferAsync(rollout, 3, Query("d", .7), Query("e", 0));

        (await Store.ShadowQueriesAsync(rollout.Id, Cancellation)).Select(query => query.Text).ShouldBe(["e", "b", "a"]);
        await OfferAsync(rollout, 0, Query("f", 0));
        (await Store.ShadowQueriesAsync(rollout.Id, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_equals_the_same_stay_in_whatever_order_they_come()
    {
        var rollout = await RolloutAsync();
        var queries = Enumerable.Range(0, 40).Select(i => Query($"query {i}", 0)).ToArray();
        foreach (var batch in queries.Chunk(7))
        {
            await OfferAsync(rollout, 5, batch);
        }

        (await Store.ShadowQueriesAsync(rollout.Id, Cancellation)).Select(query => query.Key)
            .ShouldBe(queries.Select(query => query.Key).Order(StringComparer.Ordinal).Take(5));
    }

    [Fact]
    public async Task With_the_end_of_its_rollout_everything_goes_and_nothing_comes_after_it()
    {
        var (rollout, other) = (await RolloutAsync(), await RolloutAsync("faq"));
        await OfferAsync(rollout, 10, Query("secret", 0));
        await OfferAsync(other, 10, Query("another", 0));
        await Store.SaveRolloutAsync(rollout with { Phase = RolloutPhase.Soaking }, finished: false, Cancellation);
        (await Store.ShadowQueriesAsync(rollout.Id, Cancellation)).Count.ShouldBe(1);

        await Store.SaveRolloutAsync(rollout with { Phase = RolloutPhase.Completed, EndedAt = Noon }, finished: false, Cancellation);

        (await OfferAsync(rollout, 10, Query("late", 0))).ShouldBeFalse();
        (await Store.ShadowTotalsAsync(rollout.Id, Cancellation)).ShouldBeNull();
        (await Store.ShadowQueriesAsync(rollout.Id, Cancellation)).ShouldBeEmpty();
        (await Store.ShadowTotalsAsync(other.Id, Cancellation)).ShouldNotBeNull();
        (await Store.ShadowQueriesAsync(other.Id, Cancellation)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_of_no_rollout_is_not_kept() =>
        (await Store.AddShadowTrafficAsync("docs-r9", "a", Minute(Noon, Figures(0, 1)), [Query("a", 0)], 10, Cancellation)).ShouldBeFalse();

    [Fact]
    public async Task Gateways_that_write_at_the_same_time_lose_nothing()
    {
        var (rollout, other) = (await RolloutAsync(), await OpenAsync());
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => (i % 2 == 0 ? Store : other).AddShadowTrafficAsync(
            rollout.Id, $"gateway {i}", Minute(Noon, Figures(0, 1)), [Query("the same", 0), Query($"query {i}", 0)], 100, Cancellation))));

        (await Store.ShadowTotalsAsync(rollout.Id, Cancellation))!.Figures.Compared.ShouldBe(20);
        var queries = await Store.ShadowQueriesAsync(rollout.Id, Cancellation);
        queries.Count.ShouldBe(21);
        queries.Single(query => query.Text == "the same").Seen.ShouldBe(20);
    }

    private Task<Rollout> RolloutAsync(string index = "docs") => Store.AddRolloutAsync(index, id => Rollouts.New(id) with { Index = index }, Cancellation);

    private Task AddAsync(Rollout rollout, string gateway, DateTimeOffset minute, ShadowFigures figures) =>
        Store.AddShadowTrafficAsync(rollout.Id, gateway, Minute(minute, figures), None, 10, Cancellation);

    private Task<bool> OfferAsync(Rollout rollout, int keep, params ShadowQuery[] queries) =>
        Store.AddShadowTrafficAsync(rollout.Id, "a", Minute(Noon, Figures(0, 1)), queries, keep, Cancellation);

    private static Dictionary<DateTimeOffset, ShadowFigures> Minute(DateTimeOffset minute, ShadowFigures figures) => new() { [minute] = figures };

    private static ShadowFigures Figures(double overlap, double milliseconds)
    {
        var figures = new ShadowFigures { Texts = 1 };
        figures.Add(new(overlap, null, null));
        figures.Blue.Add(milliseconds);
        figures.Green.Add(milliseconds);
        return figures;
    }

    private static ShadowQuery Query(string text, double overlap) => new()
    {
        Key = ShadowQuery.KeyOf(text),
        Text = text,
        Overlap = overlap,
        At = Noon,
        Blue = [new("1", .5), new("2", .25)],
        Green = [new("3", .75)],
    };
}
