using CsCheck;

namespace DriftGuard.State.Tests;

public sealed class QueryReservoirOnSqliteTests() : QueryReservoirTests(StateKind.Sqlite);

public sealed class QueryReservoirOnPostgresTests() : QueryReservoirTests(StateKind.Postgres);

public abstract class QueryReservoirTests(StateKind kind) : StateFolder(kind)
{
    private static readonly ReservoirLimits Ten = new(10, 60, 7);
    private static readonly DateOnly Today = DateOnly.FromDateTime(Noon.UtcDateTime);

    [Fact]
    public async Task A_query_is_read_as_it_was_offered()
    {
        var query = Query(1) with { Session = "s", BestScore = .5, Language = "de", Text = "words", Vector = [1f, -2f] };
        (await Store.AddQueriesAsync("docs", [query], Ten, Cancellation)).ShouldBe(new(1, 1, 0));

        var read = (await (await OpenAsync()).QueriesAsync("docs", "fp", Today, Today, Cancellation)).ShouldHaveSingleItem();

        (read with { Vector = query.Vector }).ShouldBe(query);
        read.Vector.ShouldBe(query.Vector);
    }

    [Fact]
    public async Task Queries_are_those_of_the_index_the_model_and_the_days()
    {
        await Store.AddQueriesAsync("docs", [Query(1), Query(2, "other"), Query(3) with { At = Noon.AddDays(-1) }, Query(4) with { At = Noon.AddDays(-2) }], Ten, Cancellation);
        await Store.AddQueriesAsync("faq", [Query(5)], Ten, Cancellation);

        (await Store.QueriesAsync("docs", "fp", Today.AddDays(-1), Today, Cancellation)).Select(q => q.Key).ShouldBe([Query(3).Key, Query(1).Key]);
    }

    [Fact]
    public async Task No_more_are_kept_of_a_day_than_there_is_room_for()
    {
        await Gen.Select(Gen.Int[1, 12], Gen.Int[0, 40].Array[0, 60]).SampleAsync(
            async sample =>
            {
                var (capacity, offered) = sample;
                var index = Guid.NewGuid().ToString();
                foreach (var batch in offered.Chunk(7))
                {
                    await Store.AddQueriesAsync(index, [.. batch.Select(q => Query(q))], Ten with { CapacityPerDay = capacity }, Cancellation);
                }

                return (await KeysAsync(index)).Count == Math.Min(capacity, offered.Distinct().Count());
            },
            iter: 30, threads: 1);
    }

    [Fact]
    public async Task What_is_kept_depends_neither_on_the_order_nor_on_the_batches_nor_on_repeats()
    {
        var other = await OpenAsync();
        await Gen.Select(Gen.Shuffle(Enumerable.Range(0, 40).ToArray()), Gen.Int[1, 15], Gen.Int[0, 40]).SampleAsync(
            async sample =>
            {
                var (order, size, again) = sample;
                var (once, shuffled) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
                await Store.AddQueriesAsync(once, [.. Enumerable.Range(0, 40).Select(q => Query(q))], Ten, Cancellation);
                var store = Store;
                foreach (var batch in order.Concat(order.Take(again)).Chunk(size))
                {
                    await store.AddQueriesAsync(shuffled, [.. batch.Select(q => Query(q))], Ten, Cancellation);
                    store = store == Store ? other : Store;
                }

                return (await KeysAsync(once)).SequenceEqual(await KeysAsync(shuffled));
            },
            iter: 30, threads: 1);
    }

    [Fact]
    public async Task Processes_that_add_at_the_same_time_keep_what_one_would_have_kept()
    {
        var other = await OpenAsync();
        await Store.AddQueriesAsync("one", [.. Enumerable.Range(0, 200).Select(q => Query(q))], Ten, Cancellation);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(batch => Task.Run(() =>
            (batch % 2 == 0 ? Store : other).AddQueriesAsync("two", [.. Enumerable.Range(batch * 10, 10).Select(q => Query(q))], Ten, Cancellation))));

        (await KeysAsync("two")).ShouldBe(await KeysAsync("one"));
        (await Store.QueryDaysAsync("two", Cancellation)).ShouldBe([new(Today, 10, 200, null)]);
    }

    [Fact]
    public async Task Every_query_of_a_day_has_the_same_chance()
    {
        // 20 groups of 100 in the order of arrival, of which a quarter is kept: hypergeometric, so with the correction for a finite population.
        const int Offered = 2000, Groups = 20, Kept = 500;
        await Store.AddQueriesAsync("docs", [.. Enumerable.Range(0, Offered).Select(q => Query(q))], Ten with { CapacityPerDay = Kept }, Cancellation);

        var kept = (await Store.QueriesAsync("docs", "fp", Today, Today, Cancellation)).CountBy(q => (int)q.Vector[0] * Groups / Offered).ToDictionary();

        const double Expected = (double)Kept / Groups;
        var chiSquare = Enumerable.Range(0, Groups).Sum(g => Math.Pow(kept.GetValueOrDefault(g) - Expected, 2) / Expected) * (Offered - 1) / (Offered - Kept);
        chiSquare.ShouldBeInRange(5.4, 43.8, "the .001 and .999 quantiles with 19 degrees of freedom");
    }

    [Fact]
    public async Task Another_seed_keeps_others()
    {
        var queries = Enumerable.Range(0, 100).Select(q => Query(q)).ToList();
        await Store.AddQueriesAsync("a", queries, Ten, Cancellation);
        await Store.AddQueriesAsync("b", queries, Ten with { Seed = 8 }, Cancellation);

        (await KeysAsync("b")).ShouldNotBe(await KeysAsync("a"));
    }

    [Fact]
    public async Task What_was_offered_twice_is_kept_as_it_was_first_and_counted_twice()
    {
        await Store.AddQueriesAsync("docs", [Query(1) with { BestScore = .5 }, Query(1) with { BestScore = .7 }, Query(2)], Ten, Cancellation);
        (await Store.AddQueriesAsync("docs", [Query(1) with { BestScore = .9 }], Ten, Cancellation)).ShouldBe(new(1, 1, 0));

        (await Store.QueryDaysAsync("docs", Cancellation)).ShouldBe([new(Today, 2, 4, .5)]);
    }

    [Fact]
    public async Task Days_are_those_of_UTC()
    {
        var night = new DateTimeOffset(2026, 3, 10, 0, 30, 0, TimeSpan.FromHours(1));
        await Store.AddQueriesAsync("docs", [Query(1) with { At = night }], Ten, Cancellation);

        (await Store.QueryDaysAsync("docs", Cancellation)).ShouldHaveSingleItem().Day.ShouldBe(new(2026, 3, 9));
    }

    [Fact]
    public async Task Days_that_are_too_old_are_neither_taken_nor_kept()
    {
        var limits = Ten with { Days = 2 };
        (await Store.AddQueriesAsync("docs", [Query(1), Query(2) with { At = Noon.AddDays(-1) }, Query(3) with { At = Noon.AddDays(-2) }], limits, Cancellation))
            .ShouldBe(new(3, 2, 1));
        await Store.AddQueriesAsync("faq", [Query(1)], limits, Cancellation);

        Clock.Advance(TimeSpan.FromDays(1));
        await Store.AddQueriesAsync("docs", [], limits, Cancellation);
        (await Store.QueryDaysAsync("docs", Cancellation)).Select(d => d.Day).ShouldBe([Today]);

        Clock.Advance(TimeSpan.FromDays(1));
        (await Store.PruneQueriesAsync(2, Cancellation)).ShouldBe(2);
        (await Store.QueryDaysAsync("docs", Cancellation)).ShouldBeEmpty();
        (await Store.QueriesAsync("faq", "fp", Today, Today, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public void The_key_of_a_query_is_what_was_asked_and_not_in_which_numbers_it_was_embedded()
    {
        var key = QueryObservation.KeyOf("fp", Noon, "s", "text", [1f]);

        QueryObservation.KeyOf("fp", Noon.ToOffset(TimeSpan.FromHours(2)), "s", "text", [1.0000001f]).ShouldBe(key);
        string[] others =
        [
            QueryObservation.KeyOf("fq", Noon, "s", "text", [1f]), QueryObservation.KeyOf("fp", Noon.AddTicks(1), "s", "text", [1f]),
            QueryObservation.KeyOf("fp", Noon, "st", "ext", [1f]), QueryObservation.KeyOf("fp", Noon, null, "text", [1f]),
            QueryObservation.KeyOf("fp", Noon, "s", null, [1f]), QueryObservation.KeyOf("fp", Noon, "s", null, [2f]),
        ];
        others.Append(key).Distinct().Count().ShouldBe(7);
    }

    private static QueryObservation Query(int number, string fingerprint = "fp") => new()
    {
        Key = QueryObservation.KeyOf(fingerprint, Noon, null, $"query {number}", []),
        Fingerprint = fingerprint,
        At = Noon,
        Vector = [number],
    };

    private async Task<IReadOnlyList<string>> KeysAsync(string index) =>
        [.. (await Store.QueriesAsync(index, "fp", Today, Today, Cancellation)).Select(q => q.Key)];
}
