using DriftGuard.Core.Rollouts;

namespace DriftGuard.State.Tests;

public sealed class CopyRecordOnSqliteTests() : CopyRecordTests(StateKind.Sqlite);

public sealed class CopyRecordOnPostgresTests() : CopyRecordTests(StateKind.Postgres);

public abstract class CopyRecordTests(StateKind kind) : StateFolder(kind)
{
    [Fact]
    public async Task A_partition_keeps_its_tokens_its_proof_and_who_took_it()
    {
        await Store.AddPartitionsAsync("docs-r1", [new("docs-r1", 0, "0", "9", "0", 0, 0, 0, false), new("docs-r1", 1, "9", null, "9", 0, 0, 0, false)], Cancellation);
        var claimed = await Store.ClaimPartitionAsync("docs-r1", 0, Cancellation);
        await Store.AdvancePartitionAsync("docs-r1", 0, claimed.Attempt, new("5", 5, 0, false, 700), Cancellation);
        await Store.AdvancePartitionAsync("docs-r1", 0, claimed.Attempt, new("9", 4, 0, true, 77), Cancellation);
        await Store.SaveProofsAsync("docs-r1", [(0, "{\"one\":1}")], Cancellation);
        await Store.SaveProofsAsync("docs-r1", [(0, "{\"two\":2}")], Cancellation);

        var partitions = await (await OpenAsync()).PartitionsAsync("docs-r1", Cancellation);

        partitions.Select(p => (p.Tokens, p.Proof, p.Owner)).ShouldBe([(777L, "{\"two\":2}", Store.Instance), (0L, null, null)]);
        (await Should.ThrowAsync<StateConflictException>(() => Store.SaveProofsAsync("docs-r1", [(0, "{}"), (2, "{}")], Cancellation))).Message.ShouldContain("no partition 2");
    }

    [Fact]
    public async Task Partitions_are_added_up_and_the_next_ones_found_in_the_database()
    {
        (await Store.PartitionTotalsAsync("docs-r1", Cancellation)).ShouldBe(PartitionTotals.None);
        await Store.AddPartitionsAsync("docs-r1", [.. Enumerable.Range(0, 5).Select(i => new Partition("docs-r1", i, $"{i}", $"{i + 1}", $"{i}", 0, 10, 0, i < 2, 100))], Cancellation);
        await Store.SaveCopyFailureAsync("docs-r1", 2, "the provider is away", Cancellation);

        (await Store.PartitionTotalsAsync("docs-r1", Cancellation)).ShouldBe(new(2, 50, 500));
        (await Store.UnfinishedPartitionsAsync("docs-r1", 2, Cancellation)).Select(p => p.Ordinal).ShouldBe([3, 4], "done ones, and one whose failure is to be told first, are left out");
        (await Store.UnfinishedPartitionsAsync("docs-r1", 1, Cancellation)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Partitions_are_counted_by_where_they_stand()
    {
        (await Store.PartitionStatesAsync("docs-r1", Cancellation)).ShouldBe(PartitionStates.None);
        await Store.AddPartitionsAsync("docs-r1", [.. Enumerable.Range(0, 6).Select(i => new Partition("docs-r1", i, $"{i}", $"{i + 1}", $"{i}", 0, 0, 0, i < 3))], Cancellation);
        await Store.ClaimPartitionAsync("docs-r1", 3, Cancellation);
        await Store.ClaimPartitionAsync("docs-r1", 4, Cancellation);
        await Store.SaveCopyFailureAsync("docs-r1", 4, "the provider is away", Cancellation);

        (await Store.PartitionStatesAsync("docs-r1", Cancellation)).ShouldBe(new(Done: 3, Failed: 1, Begun: 1, Waiting: 1));
    }

    [Fact]
    public async Task Id_sets_are_replaced_and_read_part_by_part()
    {
        await Store.SaveIdSetAsync("docs-r1", 1, [1, 2], Cancellation);
        await Store.SaveIdSetAsync("docs-r1", 0, [3], Cancellation);
        await Store.SaveIdSetAsync("docs-r1", 1, [4], Cancellation);
        await Store.SaveIdSetAsync("docs-r2", 0, [5], Cancellation);

        var again = await OpenAsync();
        (await again.FindIdSetAsync("docs-r1", 0, Cancellation)).ShouldBe([3]);
        (await again.FindIdSetAsync("docs-r1", 1, Cancellation)).ShouldBe([4]);
        (await again.FindIdSetAsync("docs-r1", 2, Cancellation)).ShouldBeNull();

        await Store.DeleteIdSetsAsync("docs-r1", Cancellation);
        (await Store.FindIdSetAsync("docs-r1", 0, Cancellation)).ShouldBeNull();
        (await Store.FindIdSetAsync("docs-r2", 0, Cancellation)).ShouldBe([5]);
    }

    [Fact]
    public async Task What_a_job_failed_with_is_told_once()
    {
        await Store.AddPartitionsAsync("docs-r1", [new("docs-r1", 0, "0", "9", "0", 0, 0, 0, false), new("docs-r1", 1, "9", null, "9", 0, 0, 0, false)], Cancellation);
        await (await OpenAsync()).SaveCopyFailureAsync("docs-r1", 1, "the provider is away", Cancellation);

        (await Store.PartitionsAsync("docs-r1", Cancellation)).Select(p => p.Failure).ShouldBe([null, "the provider is away"]);
        (await Store.TakeCopyFailuresAsync("docs-r1", Cancellation)).ShouldBe(["the provider is away"]);
        (await Store.TakeCopyFailuresAsync("docs-r1", Cancellation)).ShouldBeEmpty();
        (await Store.PartitionsAsync("docs-r1", Cancellation)).ShouldAllBe(p => p.Failure == null);
    }

    [Fact]
    public async Task What_a_request_says_is_on_record()
    {
        var rollout = await Store.AddRolloutAsync("docs", Rollouts.New, Cancellation);

        await Store.AddRequestAsync(rollout.Id, RequestKind.Pause, "someone", "until=noon", Cancellation);

        (await Store.AuditAsync("docs", Cancellation)).Select(a => a.Message).ShouldContain("by someone: until=noon");
    }
}
