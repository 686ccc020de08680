using DriftGuard.Core.Rollouts;

namespace DriftGuard.State.Tests;

public sealed class StateStoreOnSqliteTests() : StateStoreTests(StateKind.Sqlite);

public sealed class StateStoreOnPostgresTests() : StateStoreTests(StateKind.Postgres);

public abstract class StateStoreTests(StateKind kind) : StateFolder(kind)
{
    [Fact]
    public async Task What_was_saved_is_read_by_another_process()
    {
        var rollout = await Store.AddRolloutAsync("docs", Rollouts.New, Cancellation);
        var saved = rollout with
        {
            Phase = RolloutPhase.Copying,
            LastPass = new(1, 2, Side.Blue, 10, 1, 2, 3, 4, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch) { Marker = 17 },
            Switch = new(Side.Green, rollout.ExpectedToken, rollout.ExpectedToken.Next(), DateTimeOffset.UnixEpoch, SwitchOutcome.Unknown),
            Gate = new(Core.Gate.GateDecision.Blocked, "message", "id", DateTimeOffset.UnixEpoch),
        };
        await Store.SaveRolloutAsync(saved, finished: false, Cancellation);

        var read = await (await OpenAsync()).FindRolloutAsync("docs-r1", Cancellation);

        (read! with { Settings = saved.Settings }).ShouldBe(saved);
        (read.Settings with { Gate = saved.Settings.Gate }).ShouldBe(saved.Settings);
        (read.Settings.Gate with { Metrics = saved.Settings.Gate.Metrics }).ShouldBe(saved.Settings.Gate);
        read.Settings.Gate.Metrics.ShouldBe(saved.Settings.Gate.Metrics);
    }

    [Fact]
    public async Task An_index_has_one_rollout_that_has_not_ended()
    {
        var first = await Store.AddRolloutAsync("docs", Rollouts.New, Cancellation);

        var second = await Should.ThrowAsync<StateConflictException>(() => Store.AddRolloutAsync("docs", Rollouts.New, Cancellation));
        await Store.SaveRolloutAsync(first with { EndedAt = DateTimeOffset.UnixEpoch }, finished: true, Cancellation);
        var third = await Store.AddRolloutAsync("docs", Rollouts.New, Cancellation);

        second.Message.ShouldContain("docs-r1");
        third.Id.ShouldBe("docs-r2");
        (await Store.UnfinishedRolloutsAsync(Cancellation)).Select(r => r.Id).ShouldBe(["docs-r2"]);
        (await Store.ListRolloutsAsync("docs", Cancellation)).Select(r => r.Id).ShouldBe(["docs-r1", "docs-r2"]);
    }

    [Fact]
    public async Task Only_the_latest_attempt_moves_a_cursor()
    {
        await Store.AddPartitionsAsync("docs-r1", [new("docs-r1", 0, "0", null, "0", 0, 0, 0, false)], Cancellation);
        var first = await Store.ClaimPartitionAsync("docs-r1", 0, Cancellation);
        var second = await Store.ClaimPartitionAsync("docs-r1", 0, Cancellation);

        (await Store.AdvancePartitionAsync("docs-r1", 0, first.Attempt, new("100", 100, 3, false), Cancellation)).ShouldBeFalse();
        (await Store.AdvancePartitionAsync("docs-r1", 0, second.Attempt, new("50", 50, 2, false), Cancellation)).ShouldBeTrue();
        (await Store.AdvancePartitionAsync("docs-r1", 0, second.Attempt, new("70", 20, 1, true), Cancellation)).ShouldBeTrue();

        var partition = (await Store.PartitionsAsync("docs-r1", Cancellation)).ShouldHaveSingleItem();
        (partition.Cursor, partition.Copied, partition.Truncated, partition.Done).ShouldBe(("70", 70L, 3L, true));
    }

    [Fact]
    public async Task Partitions_are_planned_once()
    {
        await Store.AddPartitionsAsync("docs-r1", [new("docs-r1", 0, "0", "9", "0", 0, 0, 0, false), new("docs-r1", 1, "9", null, "9", 0, 0, 0, false)], Cancellation);

        var again = await Store.AddPartitionsAsync("docs-r1", [new("docs-r1", 0, "0", null, "0", 0, 0, 0, false)], Cancellation);

        again.Select(p => p.Start).ShouldBe(["0", "9"]);
    }

    [Fact]
    public async Task Requests_reduce_to_what_holds_now()
    {
        var rollout = await Store.AddRolloutAsync("docs", Rollouts.New, Cancellation);
        foreach (var request in new[] { RequestKind.Pause, RequestKind.Resume, RequestKind.Approve, RequestKind.Pause })
        {
            await Store.AddRequestAsync(rollout.Id, request, "someone", null, Cancellation);
        }

        var now = await Store.RequestsAsync(rollout.Id, Cancellation);

        (now.Pause, now.Abort, now.Rollback).ShouldBe((true, false, false));
        now.ApprovedAt.ShouldNotBeNull();
        now.Resumed.ShouldBe(2);
    }

    [Fact]
    public async Task Parked_texts_count_their_attempts_until_they_are_mended()
    {
        await Store.ParkAsync("docs-r1", [new("1", "empty text"), new("2", "empty text")], Cancellation);
        await Store.ParkAsync("docs-r1", [new("1", "no tokens", Tries: 3)], Cancellation);
        await Store.UnparkAsync("docs-r1", ["2"], Cancellation);

        var parked = (await Store.ParkedAsync("docs-r1", Cancellation)).ShouldHaveSingleItem();
        (parked.PointId, parked.Reason, parked.Attempts).ShouldBe(("1", "no tokens", 4));
    }

    [Fact]
    public async Task Every_change_of_phase_is_an_audit_event_with_its_reason()
    {
        var rollout = await Store.AddRolloutAsync("docs", Rollouts.New, Cancellation);
        await Store.SaveRolloutAsync(rollout with { Phase = RolloutPhase.Preflight, Reason = RolloutReason.Progressing }, false, Cancellation);
        await Store.SaveRolloutAsync(rollout with { Phase = RolloutPhase.Preflight, Reason = RolloutReason.Progressing, Message = "more" }, false, Cancellation);
        await Store.SaveRolloutAsync(rollout with { Phase = RolloutPhase.Failed, Reason = RolloutReason.PreflightRefused }, true, Cancellation);

        var audit = await Store.AuditAsync("docs", Cancellation);

        audit.Select(a => (a.Event, a.Reason)).ShouldBe([
            ("rollout_planned", RolloutReason.Planned), ("Planned -> Preflight", RolloutReason.Progressing), ("Preflight -> Failed", RolloutReason.PreflightRefused)]);
    }

    [Fact]
    public async Task Who_answered_for_a_model_is_known_to_every_process_from_then_on()
    {
        var (early, late) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));
        var other = await OpenAsync();
        await Store.RecordModelIdentitiesAsync("fp-1", [Identity("a", "x", early.AddHours(1), late)], Cancellation);
        await Store.RecordModelIdentitiesAsync("fp-2", [Identity("c", "", early, early)], Cancellation);

        var all = await other.RecordModelIdentitiesAsync("fp-1", [Identity("a", "x", early, early.AddHours(2)), Identity("b", "", late, late)], Cancellation);

        all.Select(i => i.Identity).ShouldBe([Identity("a", "x", early, late), Identity("b", "", late, late)]);
        (await Store.ModelIdentitiesAsync("fp-1", Cancellation)).ShouldBe(all);
        (await Store.ModelIdentitiesAsync(null, Cancellation)).Select(i => (i.Fingerprint, i.Identity.Model)).ShouldBe([("fp-1", "a"), ("fp-1", "b"), ("fp-2", "c")]);

        static Core.Embedding.ProviderIdentity Identity(string model, string system, DateTimeOffset first, DateTimeOffset last) =>
            new() { Model = model, SystemFingerprint = system, FirstSeen = first, LastSeen = last };
    }

    [Fact]
    public async Task Each_process_gets_a_higher_lease_epoch()
    {
        var first = await Store.NextLeaseEpochAsync(Cancellation);

        (await (await OpenAsync()).NextLeaseEpochAsync(Cancellation)).ShouldBe(first + 1);
    }

    [Fact]
    public async Task A_state_that_is_new_begins_above_the_epochs_of_an_older_one()
    {
        var old = await Store.NextLeaseEpochAsync(Cancellation);
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Noon + TimeSpan.FromDays(1));

        var fresh = await OpenAsync(await NewDatabaseAsync("another"), clock);

        (await fresh.NextLeaseEpochAsync(Cancellation)).ShouldBeGreaterThan(old);
    }

    [Fact]
    public async Task Processes_that_start_at_the_same_time_get_different_lease_epochs()
    {
        var processes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync()));

        var epochs = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => processes[i % processes.Length].NextLeaseEpochAsync(Cancellation))));

        epochs.Distinct().Count().ShouldBe(200);
    }

    [Fact]
    public async Task Two_processes_write_at_the_same_time_without_losing_anything()
    {
        var other = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            (i % 2 == 0 ? Store : other).SaveIndexAsync(new() { Name = $"index-{i}", CreatedAt = DateTimeOffset.UnixEpoch }, Cancellation)));

        (await Store.ListIndexesAsync(Cancellation)).Count.ShouldBe(40);
    }

    [Fact]
    public async Task Evaluations_are_listed_newest_first_and_found_by_index_and_rollout()
    {
        foreach (var (id, index, rollout, day) in new[] { ("a", "docs", "docs-r1", 1), ("b", "docs", (string?)null, 3), ("c", "other", null, 2) })
        {
            await Store.AddEvaluationAsync(new(id, index, rollout, "gate", "passed", DateTimeOffset.UnixEpoch.AddDays(day), $$"""{"of":"{{id}}"}"""), Cancellation);
        }

        (await Store.ListEvaluationsAsync(null, 10, Cancellation)).Select(e => e.Id).ShouldBe(["b", "c", "a"]);
        (await Store.ListEvaluationsAsync("docs", 1, Cancellation)).ShouldBe([new("b", "docs", null, "gate", "passed", DateTimeOffset.UnixEpoch.AddDays(3))]);
        (await Store.LatestEvaluationAsync("docs", Cancellation))!.Id.ShouldBe("b");
        (await Store.LatestEvaluationAsync("docs-r1", Cancellation))!.Json.ShouldBe("""{"of":"a"}""");
        (await Store.LatestEvaluationAsync("nothing", Cancellation)).ShouldBeNull();
    }
}
