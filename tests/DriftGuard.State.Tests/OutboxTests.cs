using DriftGuard.Core.Rollouts;

namespace DriftGuard.State.Tests;

public sealed class OutboxOnSqliteTests() : OutboxTests(StateKind.Sqlite);

public sealed class OutboxOnPostgresTests() : OutboxTests(StateKind.Postgres);

public abstract class OutboxTests(StateKind kind) : StateFolder(kind)
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public async Task Dirty_ids_are_read_in_the_order_of_their_latest_marks()
    {
        var first = await Store.MarkDirtyAsync("docs", ["1", "2"], WriteKind.Put, Long, Cancellation);
        await Store.MarkDirtyAsync("faq", ["9"], WriteKind.Put, Long, Cancellation);
        var second = await (await OpenAsync()).MarkDirtyAsync("docs", ["1"], WriteKind.Put, Long, Cancellation);

        (await Store.DirtyAsync("docs", null, 9, Cancellation)).ShouldBe([new("2", first.Sequence), new("1", second.Sequence)]);
        (await Store.DirtyAsync("docs", null, 1, Cancellation)).Select(d => d.PointId).ShouldBe(["2"]);
        (await Store.CountDirtyAsync("docs", Cancellation)).ShouldBe(2);
    }

    [Fact]
    public async Task A_mark_is_cleared_unless_it_was_made_again()
    {
        var first = await Store.MarkDirtyAsync("docs", ["1"], WriteKind.Put, Long, Cancellation);
        var second = await Store.MarkDirtyAsync("docs", ["1"], WriteKind.Put, Long, Cancellation);

        (await Store.ClearDirtyAsync("docs", [new("1", first.Sequence)], Cancellation)).ShouldBe(0);
        (await Store.ClearDirtyAsync("docs", [new("1", second.Sequence)], Cancellation)).ShouldBe(1);
        var third = await Store.MarkDirtyAsync("docs", ["1"], WriteKind.Put, Long, Cancellation);
        (await Store.ClearDirtyAsync("docs", [new("1", second.Sequence)], Cancellation)).ShouldBe(0);

        third.Sequence.ShouldBeGreaterThan(second.Sequence);
        (await Store.DirtyAsync("docs", null, 9, Cancellation)).ShouldBe([new("1", third.Sequence)]);
    }

    [Fact]
    public async Task Nothing_is_marked_while_writes_are_held()
    {
        var hold = await Store.HoldWritesAsync("docs", "n", Long, Cancellation);

        var refused = await (await OpenAsync()).MarkDirtyAsync("docs", ["1"], WriteKind.Put, Long, Cancellation);
        var elsewhere = await Store.MarkDirtyAsync("faq", ["1"], WriteKind.Put, Long, Cancellation);

        (refused.Refused, refused.Hold).ShouldBe((true, hold));
        elsewhere.Refused.ShouldBeFalse();
        (await Store.DirtyAsync("docs", null, 9, Cancellation)).ShouldBeEmpty();
        (await Store.ReleaseHoldAsync("docs", "n", Cancellation)).ShouldBeTrue();
        (await Store.MarkDirtyAsync("docs", ["1"], WriteKind.Put, Long, Cancellation)).Refused.ShouldBeFalse();
    }

    [Fact]
    public async Task A_hold_belongs_to_its_nonce_until_its_time_is_over()
    {
        await Store.HoldWritesAsync("docs", "n", Long, Cancellation);

        (await Store.HoldWritesAsync("docs", "m", Long, Cancellation)).ShouldBeNull();
        (await Store.ReleaseHoldAsync("docs", "m", Cancellation)).ShouldBeFalse();
        (await Store.WriteTrafficAsync("docs", Cancellation)).Hold!.Nonce.ShouldBe("n");

        (await Store.HoldWritesAsync("docs", "n", TimeSpan.Zero, Cancellation)).ShouldNotBeNull();
        (await Store.WriteTrafficAsync("docs", Cancellation)).Hold.ShouldBeNull();
        (await Store.MarkDirtyAsync("docs", ["1"], WriteKind.Put, Long, Cancellation)).Refused.ShouldBeFalse();
        (await Store.ReleaseHoldAsync("docs", "n", Cancellation)).ShouldBeFalse();
        (await Store.HoldWritesAsync("docs", "m", Long, Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task No_mark_is_made_after_a_hold_has_been_taken()
    {
        var other = await OpenAsync();
        var marking = Enumerable.Range(0, 60).Select(i => Task.Run(() => other.MarkDirtyAsync("docs", [$"{i}"], WriteKind.Put, Long, Cancellation))).ToList();

        await Store.HoldWritesAsync("docs", "n", Long, Cancellation);
        var (dirty, counted) = (await Store.DirtyAsync("docs", null, 99, Cancellation), (await Task.WhenAll(marking)).Count(m => !m.Refused));

        dirty.Count.ShouldBe(counted);
        (await Store.DirtyAsync("docs", null, 99, Cancellation)).ShouldBe(dirty);
    }

    [Fact]
    public async Task Dirty_ids_of_one_mark_are_read_page_by_page()
    {
        var first = await Store.MarkDirtyAsync("docs", ["b", "a", "B", "10", "9"], WriteKind.Put, Long, Cancellation);
        var second = await Store.MarkDirtyAsync("docs", ["c"], WriteKind.Put, Long, Cancellation);

        var read = new List<DirtyId>();
        for (DirtyId? last = null; await Store.DirtyAsync("docs", last, 2, Cancellation) is { Count: > 0 } page; last = page[^1])
        {
            read.AddRange(page);
        }

        read.ShouldBe([.. new[] { "10", "9", "B", "a", "b" }.Select(id => new DirtyId(id, first.Sequence)), new("c", second.Sequence)]);
        (await Store.DirtyAmongAsync("docs", ["a", "c", "d"], Cancellation)).ShouldBe(["a", "c"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_write_is_under_way_until_it_is_said_to_be_done_or_cannot_be_applied_any_more()
    {
        var first = await Store.MarkDirtyAsync("docs", ["1"], WriteKind.Put, Long, Cancellation);
        var second = await Store.MarkDirtyAsync("docs", ["2"], WriteKind.Put, TimeSpan.Zero, Cancellation);
        (await Store.WriteTrafficAsync("docs", Cancellation)).ShouldBe(new(null, true));
        (await Store.DoneUpToAsync("docs", Cancellation)).ShouldBe(first.Sequence - 1);

        var hold = await Store.HoldWritesAsync("docs", "n", Long, Cancellation);
        (await Store.WriteTrafficAsync("docs", Cancellation)).ShouldBe(new(hold, true));
        await Store.EndWriteAsync("docs", first.Sequence, Cancellation);

        (await Store.WriteTrafficAsync("docs", Cancellation)).ShouldBe(new(hold, false));
        (await Store.WriteTrafficAsync("faq", Cancellation)).ShouldBe(new(null, false));
        (await Store.DoneUpToAsync("docs", Cancellation)).ShouldBe(second.Sequence);
    }

    [Fact]
    public async Task A_deletion_is_refused_until_every_write_that_was_marked_before_it_is_done()
    {
        var first = await Store.MarkDirtyAsync("docs", ["1", "2"], WriteKind.Put, Long, Cancellation);
        var second = await Store.MarkDirtyAsync("docs", ["1"], WriteKind.Put, Long, Cancellation);
        await Store.EndWriteAsync("docs", second.Sequence, Cancellation);

        var refused = await (await OpenAsync()).MarkDirtyAsync("docs", ["1", "3"], WriteKind.Delete, Long, Cancellation);
        (refused.Refused, refused.Busy, refused.Hold).ShouldBe((true, true, null));
        (await Store.MarkDirtyAsync("docs", ["3"], WriteKind.Delete, Long, Cancellation)).Refused.ShouldBeFalse();
        (await Store.MarkDirtyAsync("faq", ["1"], WriteKind.Delete, Long, Cancellation)).Refused.ShouldBeFalse();

        await Store.EndWriteAsync("docs", first.Sequence, Cancellation);
        (await Store.MarkDirtyAsync("docs", ["1", "2"], WriteKind.Delete, Long, Cancellation)).Refused.ShouldBeFalse();
    }

    [Fact]
    public async Task A_deletion_waits_for_no_write_that_cannot_be_applied_any_more()
    {
        await Store.MarkDirtyAsync("docs", ["1"], WriteKind.Put, TimeSpan.Zero, Cancellation);

        (await Store.MarkDirtyAsync("docs", ["1"], WriteKind.Delete, Long, Cancellation)).Refused.ShouldBeFalse();
    }

    [Fact]
    public async Task Of_three_writes_to_an_id_two_are_under_way_at_a_time()
    {
        var first = await Store.MarkDirtyAsync("docs", ["1"], WriteKind.Put, Long, Cancellation);
        var second = await Store.MarkDirtyAsync("docs", ["1"], WriteKind.Put, Long, Cancellation);
        (await Store.MarkDirtyAsync("docs", ["1"], WriteKind.Put, Long, Cancellation)).Busy.ShouldBeTrue();

        await Store.EndWriteAsync("docs", second.Sequence, Cancellation);
        var third = await Store.MarkDirtyAsync("docs", ["1"], WriteKind.Put, Long, Cancellation);
        await Store.EndWriteAsync("docs", third.Sequence, Cancellation);
        (await Store.MarkDirtyAsync("docs", ["1"], WriteKind.Delete, Long, Cancellation)).Busy.ShouldBeTrue("the first may still be applied");

        await Store.EndWriteAsync("docs", first.Sequence, Cancellation);
        (await Store.CountDirtyAsync("docs", Cancellation)).ShouldBe(0, "no rollout is looked after");
    }

    [Fact]
    public async Task Of_many_who_write_an_id_at_once_two_may()
    {
        var marks = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
            await (await OpenAsync()).MarkDirtyAsync("docs", ["1", $"other {i}"], WriteKind.Put, Long, Cancellation))));

        marks.Count(mark => !mark.Refused).ShouldBe(2);
        (await Store.CountDirtyAsync("docs", Cancellation)).ShouldBe(3);
    }

    [Fact]
    public async Task Marks_stay_while_a_rollout_is_looked_after_and_go_with_it()
    {
        var before = await Store.MarkDirtyAsync("docs", ["1"], WriteKind.Put, Long, Cancellation);
        await Store.EndWriteAsync("docs", before.Sequence, Cancellation);
        (await Store.DirtyAsync("docs", null, 9, Cancellation)).ShouldBeEmpty("there is nowhere to carry it to");

        var rollout = await Store.AddRolloutAsync("docs", Rollouts.New, Cancellation);
        var during = await Store.MarkDirtyAsync("docs", ["1"], WriteKind.Put, Long, Cancellation);
        await Store.EndWriteAsync("docs", during.Sequence, Cancellation);
        var open = await Store.MarkDirtyAsync("docs", ["2"], WriteKind.Put, Long, Cancellation);
        (await Store.CountDirtyAsync("docs", Cancellation)).ShouldBe(2);

        await Store.SaveRolloutAsync(rollout with { Phase = RolloutPhase.Failed }, finished: true, Cancellation);
        (await Store.DirtyAsync("docs", null, 9, Cancellation)).ShouldBe([new("2", open.Sequence)]);
    }

    [Fact]
    public async Task Marks_carry_the_latest_lease_epoch()
    {
        var first = await Store.MarkDirtyAsync("docs", ["1"], WriteKind.Put, Long, Cancellation);
        var taken = await Store.NextLeaseEpochAsync(Cancellation);
        var second = await Store.MarkDirtyAsync("docs", ["1"], WriteKind.Put, Long, Cancellation);

        first.LeaseEpoch.ShouldBeGreaterThan(0);
        (taken, second.LeaseEpoch).ShouldBe((first.LeaseEpoch + 1, taken));
    }
}
