using DriftGuard.State;
using DriftGuard.Worker.Shadow;
using Microsoft.Extensions.Time.Testing;

namespace DriftGuard.Worker.Tests.Shadow;

public sealed class ShadowLedgerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);

    [Fact]
    public void A_minute_is_taken_whole_until_it_is_over_and_written()
    {
        var ledger = new ShadowLedger(10, _time);
        Text(ledger);
        Text(ledger);
        ledger.Written(Single(ledger, (Noon, 2)));
        _time.Advance(TimeSpan.FromSeconds(59));
        Text(ledger);
        ledger.Written(Single(ledger, (Noon, 3)));
        _time.Advance(TimeSpan.FromSeconds(1));
        Text(ledger);
        ledger.Written(Single(ledger, (Noon, 3), (Noon.AddMinutes(1), 1)));
        Text(ledger);

        Single(ledger, (Noon.AddMinutes(1), 2));
    }

    [Fact]
    public void What_has_not_changed_is_not_taken_again()
    {
        var ledger = new ShadowLedger(10, _time);
        Text(ledger);
        ledger.Take().Count.ShouldBe(1);

        ledger.Take().ShouldBeEmpty();
    }

    [Fact]
    public void What_could_not_be_written_is_taken_again_with_what_came_since()
    {
        var ledger = new ShadowLedger(10, _time);
        Answer(ledger, "a", .5);
        Answer(ledger, "b", .5);
        var entries = ledger.Take().ShouldHaveSingleItem();
        Answer(ledger, "a", .2);
        ledger.PutBack(entries);

        var again = ledger.Take().ShouldHaveSingleItem();

        again.Minutes[Noon].Compared.ShouldBe(3);
        again.Queries.Select(query => (query.Text, query.Overlap, query.Seen)).Order().ShouldBe([("a", .2, 2), ("b", .5, 1)]);
    }

    [Fact]
    public void When_the_clock_is_put_back_nothing_that_was_written_is_begun_anew()
    {
        var clock = new SetClock { Now = Noon };
        var ledger = new ShadowLedger(10, clock);
        Text(ledger);
        clock.Now = Noon.AddMinutes(1);
        Text(ledger);
        ledger.Written(Single(ledger, (Noon, 1), (Noon.AddMinutes(1), 1)));
        clock.Now = Noon;
        Text(ledger);

        Single(ledger, (Noon.AddMinutes(1), 2));
    }

    [Fact]
    public void No_more_queries_wait_than_are_kept_and_those_that_differ_most_do()
    {
        var ledger = new ShadowLedger(3, _time);
        foreach (var i in Enumerable.Range(0, 100))
        {
            Answer(ledger, $"query {i}", i / 100.0);
        }

        var queries = ledger.Take().ShouldHaveSingleItem().Queries;
        queries.Count.ShouldBeLessThanOrEqualTo(6);
        queries.OrderBy(query => query.Overlap).Take(3).Select(query => query.Text).ShouldBe(["query 0", "query 1", "query 2"]);
    }

    [Fact]
    public void A_rollout_that_has_ended_is_forgotten()
    {
        var ledger = new ShadowLedger(10, _time);
        Text(ledger);
        var entries = ledger.Take().ShouldHaveSingleItem();
        ledger.Forget("docs-r1");
        ledger.PutBack(entries);
        ledger.Written(entries);

        ledger.Take().ShouldBeEmpty();
    }

    private static void Text(ShadowLedger ledger) => ledger.Count("docs-r1", figures => figures.Texts++);

    private static void Answer(ShadowLedger ledger, string text, double overlap) => ledger.Count("docs-r1", figures => figures.Add(new(overlap, null, null)), new ShadowQuery
    {
        Key = ShadowQuery.KeyOf(text),
        Text = text,
        Overlap = overlap,
        At = Noon,
        Blue = [],
        Green = [],
    });

    private static ShadowEntries Single(ShadowLedger ledger, params (DateTimeOffset Minute, long Texts)[] minutes)
    {
        var entries = ledger.Take().ShouldHaveSingleItem();
        entries.Minutes.Select(minute => (minute.Key, minute.Value.Texts)).Order().ShouldBe(minutes);
        return entries;
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
