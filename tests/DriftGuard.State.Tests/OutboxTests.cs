namespace DriftGuard.State.Tests;

public sealed class OutboxOnSqliteTests() : OutboxTests(StateKind.Sqlite);

public sealed class OutboxOnPostgresTests() : OutboxTests(StateKind.Postgres);

public abstract class OutboxTests(StateKind kind) : StateFolder(kind)
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public async Task Dirty_ids_are_read_in_the_order_of_their_latest_marks()
    {
        var first = await Store.MarkDirtyAsync("docs", ["1", "2"], Cancellation);
        await Store.MarkDirtyAsync("faq", ["9"], Cancellation);
        var second = await (await OpenAsync()).MarkDirtyAsync("docs", ["1"], Cancellation);

        (await Store.DirtyAsync("docs", 9, Cancellation)).ShouldBe([new("2", first.Sequence), new("1", second.Sequence)]);
        (await Store.DirtyAsync("docs", 1, Cancellation)).Select(d => d.PointId).ShouldBe(["2"]);
        (await Store.CountDirtyAsync("docs", Cancellation)).ShouldBe(2);
    }

    [Fact]
    public async Task A_mark_is_cleared_unless_it_was_made_again()
    {
        var first = await Store.MarkDirtyAsync("docs", ["1"], Cancellation);
        var second = await Store.MarkDirtyAsync("docs", ["1"], Cancellation);

        (await Store.ClearDirtyAsync("docs", "1", first.Sequence, Cancellation)).ShouldBeFalse();
        (await Store.ClearDirtyAsync("docs", "1", second.Sequence, Cancellation)).ShouldBeTrue();
        var third = await Store.MarkDirtyAsync("docs", ["1"], Cancellation);
        (await Store.ClearDirtyAsync("docs", "1", second.Sequence, Cancellation)).ShouldBeFalse();

        third.Sequence.ShouldBeGreaterThan(second.Sequence);
        (await Store.DirtyAsync("docs", 9, Cancellation)).ShouldBe([new("1", third.Sequence)]);
    }

    [Fact]
    public async Task Nothing_is_marked_while_writes_are_held()
    {
        var hold = await Store.HoldWritesAsync("docs", "n", Long, Cancellation);

        var refused = await (await OpenAsync()).MarkDirtyAsync("docs", ["1"], Cancellation);
        var elsewhere = await Store.MarkDirtyAsync("faq", ["1"], Cancellation);

        (refused.Refused, refused.Hold).ShouldBe((true, hold));
        elsewhere.Refused.ShouldBeFalse();
        (await Store.DirtyAsync("docs", 9, Cancellation)).ShouldBeEmpty();
        (await Store.ReleaseHoldAsync("docs", "n", Cancellation)).ShouldBeTrue();
        (await Store.MarkDirtyAsync("docs", ["1"], Cancellation)).Refused.ShouldBeFalse();
    }

    [Fact]
    public async Task A_hold_belongs_to_its_nonce_until_its_time_is_over()
    {
        await Store.HoldWritesAsync("docs", "n", Long, Cancellation);

        (await Store.HoldWritesAsync("docs", "m", Long, Cancellation)).ShouldBeNull();
        (await Store.ReleaseHoldAsync("docs", "m", Cancellation)).ShouldBeFalse();
        (await Store.WriteHoldAsync("docs", Cancellation))!.Nonce.ShouldBe("n");

        (await Store.HoldWritesAsync("docs", "n", TimeSpan.Zero, Cancellation)).ShouldNotBeNull();
        (await Store.WriteHoldAsync("docs", Cancellation)).ShouldBeNull();
        (await Store.MarkDirtyAsync("docs", ["1"], Cancellation)).Refused.ShouldBeFalse();
        (await Store.ReleaseHoldAsync("docs", "n", Cancellation)).ShouldBeFalse();
        (await Store.HoldWritesAsync("docs", "m", Long, Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task No_mark_is_made_after_a_hold_has_been_taken()
    {
        var other = await OpenAsync();
        var marking = Enumerable.Range(0, 60).Select(i => Task.Run(() => other.MarkDirtyAsync("docs", [$"{i}"], Cancellation))).ToList();

        await Store.HoldWritesAsync("docs", "n", Long, Cancellation);
        var (dirty, counted) = (await Store.DirtyAsync("docs", 99, Cancellation), (await Task.WhenAll(marking)).Count(m => !m.Refused));

        dirty.Count.ShouldBe(counted);
        (await Store.DirtyAsync("docs", 99, Cancellation)).ShouldBe(dirty);
    }
}
