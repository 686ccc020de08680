using DriftGuard.Core.Rollouts;

namespace DriftGuard.State.Tests;

public sealed class RolloutLeaseOnSqliteTests() : RolloutLeaseTests(StateKind.Sqlite);

public sealed class RolloutLeaseOnPostgresTests() : RolloutLeaseTests(StateKind.Postgres);

public abstract class RolloutLeaseTests(StateKind kind) : StateFolder(kind)
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public async Task One_process_holds_a_rollout_until_its_time_is_over()
    {
        (await Store.TryTakeRolloutLeaseAsync("docs-r1", "a", Long, Cancellation))!.Epoch.ShouldBe(1);
        (await Store.TryTakeRolloutLeaseAsync("docs-r1", "b", Long, Cancellation)).ShouldBeNull();

        (await Store.TryTakeRolloutLeaseAsync("docs-r1", "a", TimeSpan.Zero, Cancellation))!.Epoch.ShouldBe(1);
        (await Store.TryTakeRolloutLeaseAsync("docs-r1", "b", Long, Cancellation))!.Epoch.ShouldBe(2);
        (await Store.TryTakeRolloutLeaseAsync("docs-r1", "a", Long, Cancellation)).ShouldBeNull();
        (await Store.TryTakeRolloutLeaseAsync("docs-r2", "a", Long, Cancellation))!.Epoch.ShouldBe(1);
    }

    [Fact]
    public async Task A_lease_that_ran_out_goes_on_only_if_nobody_took_it()
    {
        var lease = (await Store.TryTakeRolloutLeaseAsync("docs-r1", "a", TimeSpan.Zero, Cancellation))!;

        var renewed = await Store.RenewRolloutLeaseAsync(lease, TimeSpan.Zero, Cancellation);
        (await Store.TryTakeRolloutLeaseAsync("docs-r1", "b", Long, Cancellation)).ShouldNotBeNull();

        renewed.ShouldNotBeNull();
        (await Store.RenewRolloutLeaseAsync(renewed, Long, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_lease_that_was_given_back_is_free_at_once_and_its_epoch_is_not_given_twice()
    {
        var first = (await Store.TryTakeRolloutLeaseAsync("docs-r1", "a", Long, Cancellation))!;
        await Store.ReleaseRolloutLeaseAsync(first, Cancellation);

        var second = (await Store.TryTakeRolloutLeaseAsync("docs-r1", "b", Long, Cancellation))!;
        await Store.ReleaseRolloutLeaseAsync(first, Cancellation);

        second.Epoch.ShouldBe(2);
        (await Store.TryTakeRolloutLeaseAsync("docs-r1", "c", Long, Cancellation)).ShouldBeNull();
        (await Store.FindRolloutLeaseAsync("docs-r1", Cancellation))!.Owner.ShouldBe("b");
    }

    [Fact]
    public async Task Of_processes_that_take_it_at_the_same_time_one_gets_it()
    {
        var other = await OpenAsync();

        var taken = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() =>
            (i % 2 == 0 ? Store : other).TryTakeRolloutLeaseAsync("docs-r1", $"owner-{i}", Long, Cancellation))));

        taken.Count(l => l is not null).ShouldBe(1);
    }

    [Fact]
    public async Task Who_lost_the_lease_records_nothing_any_more()
    {
        var rollout = await Store.AddRolloutAsync("docs", Rollouts.New, Cancellation);
        var first = (await Store.TryTakeRolloutLeaseAsync(rollout.Id, "a", TimeSpan.Zero, Cancellation))!;
        await Store.SaveRolloutAsync(rollout with { Message = "one" }, finished: false, first.Epoch, Cancellation);
        var second = (await Store.TryTakeRolloutLeaseAsync(rollout.Id, "b", Long, Cancellation))!;

        var refused = await Should.ThrowAsync<StateConflictException>(
            () => Store.SaveRolloutAsync(rollout with { Phase = RolloutPhase.Failed, Message = "late" }, finished: true, first.Epoch, Cancellation));
        await Store.SaveRolloutAsync(rollout with { Message = "two" }, finished: false, second.Epoch, Cancellation);

        var other = await OpenAsync();
        await other.TryTakeRolloutLeaseAsync(rollout.Id, "b", TimeSpan.Zero, Cancellation);
        await Store.TryTakeRolloutLeaseAsync(rollout.Id, "c", Long, Cancellation);
        await Should.ThrowAsync<StateConflictException>(() => other.SaveRolloutAsync(rollout with { Message = "late" }, finished: true, Cancellation));

        refused.Message.ShouldContain("(b, lease 2)");
        (await Store.FindRolloutAsync(rollout.Id, Cancellation))!.Message.ShouldBe("two");
        (await Store.UnfinishedRolloutsAsync(Cancellation)).Count.ShouldBe(1);
    }
}
