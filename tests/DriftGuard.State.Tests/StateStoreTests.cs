using DriftGuard.Core.Rollouts;

namespace DriftGuard.State.Tests;

public sealed class StateStoreTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-state-").FullName;
    private StateStore store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string DatabaseFile => Path.Join(folder, "state.db");

    public async ValueTask InitializeAsync() => store = await OpenAsync();

    public ValueTask DisposeAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_was_saved_is_read_by_another_process()
    {
        var rollout = await store.AddRolloutAsync("docs", Rollouts.New, Cancellation);
        var saved = rollout with
        {
            Phase = RolloutPhase.Copying,
            LastPass = new(1, 2, Side.Blue, 10, 1, 2, 3, 4, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch),
            Switch = new(Side.Green, rollout.ExpectedToken, rollout.ExpectedToken.Next(), DateTimeOffset.UnixEpoch, SwitchOutcome.Unknown),
            Gate = new(Core.Gate.GateDecision.Blocked, "message", "id", DateTimeOffset.UnixEpoch),
            ActivityMarker = 17,
        };
        await store.SaveRolloutAsync(saved, finished: false, Cancellation);

        var read = await (await OpenAsync()).FindRolloutAsync("docs-r1", Cancellation);

        (read! with { Settings = saved.Settings }).ShouldBe(saved);
        (read.Settings with { Gate = saved.Settings.Gate }).ShouldBe(saved.Settings);
        (read.Settings.Gate with { Metrics = saved.Settings.Gate.Metrics }).ShouldBe(saved.Settings.Gate);
        read.Settings.Gate.Metrics.ShouldBe(saved.Settings.Gate.Metrics);
    }

    [Fact]
    public async Task An_index_has_one_rollout_that_has_not_ended()
    {
        var first = await store.AddRolloutAsync("docs", Rollouts.New, Cancellation);

        var second = await Should.ThrowAsync<StateConflictException>(() => store.AddRolloutAsync("docs", Rollouts.New, Cancellation));
        await store.SaveRolloutAsync(first with { EndedAt = DateTimeOffset.UnixEpoch }, finished: true, Cancellation);
        var third = await store.AddRolloutAsync("docs", Rollouts.New, Cancellation);

        second.Message.ShouldContain("docs-r1");
        third.Id.ShouldBe("docs-r2");
        (await store.UnfinishedRolloutsAsync(Cancellation)).Select(r => r.Id).ShouldBe(["docs-r2"]);
        (await store.ListRolloutsAsync("docs", Cancellation)).Select(r => r.Id).ShouldBe(["docs-r1", "docs-r2"]);
    }

    [Fact]
    public async Task Only_the_latest_attempt_moves_a_cursor()
    {
        await store.AddPartitionsAsync("docs-r1", [new("docs-r1", 0, "0", null, "0", 0, 0, 0, false)], Cancellation);
        var first = await store.ClaimPartitionAsync("docs-r1", 0, Cancellation);
        var second = await store.ClaimPartitionAsync("docs-r1", 0, Cancellation);

        (await store.AdvancePartitionAsync("docs-r1", 0, first.Attempt, new("100", 100, 3, false), Cancellation)).ShouldBeFalse();
        (await store.AdvancePartitionAsync("docs-r1", 0, second.Attempt, new("50", 50, 2, false), Cancellation)).ShouldBeTrue();
        (await store.AdvancePartitionAsync("docs-r1", 0, second.Attempt, new("70", 20, 1, true), Cancellation)).ShouldBeTrue();

        var partition = (await store.PartitionsAsync("docs-r1", Cancellation)).ShouldHaveSingleItem();
        (partition.Cursor, partition.Copied, partition.Truncated, partition.Done).ShouldBe(("70", 70L, 3L, true));
    }

    [Fact]
    public async Task Partitions_are_planned_once()
    {
        await store.AddPartitionsAsync("docs-r1", [new("docs-r1", 0, "0", "9", "0", 0, 0, 0, false), new("docs-r1", 1, "9", null, "9", 0, 0, 0, false)], Cancellation);

        var again = await store.AddPartitionsAsync("docs-r1", [new("docs-r1", 0, "0", null, "0", 0, 0, 0, false)], Cancellation);

        again.Select(p => p.Start).ShouldBe(["0", "9"]);
    }

    [Fact]
    public async Task Requests_reduce_to_what_holds_now()
    {
        var rollout = await store.AddRolloutAsync("docs", Rollouts.New, Cancellation);
        foreach (var kind in new[] { RequestKind.Pause, RequestKind.Resume, RequestKind.Approve, RequestKind.Pause })
        {
            await store.AddRequestAsync(rollout.Id, kind, "someone", null, Cancellation);
        }

        var now = await store.RequestsAsync(rollout.Id, Cancellation);

        (now.Pause, now.Abort, now.Rollback).ShouldBe((true, false, false));
        now.ApprovedAt.ShouldNotBeNull();
        now.ResumedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Parked_texts_count_their_attempts_until_they_are_mended()
    {
        await store.ParkAsync("docs-r1", [new("1", "empty text"), new("2", "empty text")], Cancellation);
        await store.ParkAsync("docs-r1", [new("1", "no tokens", Tries: 3)], Cancellation);
        await store.UnparkAsync("docs-r1", ["2"], Cancellation);

        var parked = (await store.ParkedAsync("docs-r1", Cancellation)).ShouldHaveSingleItem();
        (parked.PointId, parked.Reason, parked.Attempts).ShouldBe(("1", "no tokens", 4));
    }

    [Fact]
    public async Task Every_change_of_phase_is_an_audit_event_with_its_reason()
    {
        var rollout = await store.AddRolloutAsync("docs", Rollouts.New, Cancellation);
        await store.SaveRolloutAsync(rollout with { Phase = RolloutPhase.Preflight, Reason = RolloutReason.Progressing }, false, Cancellation);
        await store.SaveRolloutAsync(rollout with { Phase = RolloutPhase.Preflight, Reason = RolloutReason.Progressing, Message = "more" }, false, Cancellation);
        await store.SaveRolloutAsync(rollout with { Phase = RolloutPhase.Failed, Reason = RolloutReason.PreflightRefused }, true, Cancellation);

        var audit = await store.AuditAsync("docs", Cancellation);

        audit.Select(a => (a.Event, a.Reason)).ShouldBe([
            ("rollout_planned", RolloutReason.Planned), ("Planned -> Preflight", RolloutReason.Progressing), ("Preflight -> Failed", RolloutReason.PreflightRefused)]);
    }

    [Fact]
    public async Task Who_answered_for_a_model_is_known_to_every_process_from_then_on()
    {
        var (early, late) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));
        var other = await OpenAsync();
        await store.RecordModelIdentitiesAsync("fp-1", [Identity("a", "x", early.AddHours(1), late)], Cancellation);
        await store.RecordModelIdentitiesAsync("fp-2", [Identity("c", "", early, early)], Cancellation);

        var all = await other.RecordModelIdentitiesAsync("fp-1", [Identity("a", "x", early, early.AddHours(2)), Identity("b", "", late, late)], Cancellation);

        all.Select(i => i.Identity).ShouldBe([Identity("a", "x", early, late), Identity("b", "", late, late)]);
        (await store.ModelIdentitiesAsync("fp-1", Cancellation)).ShouldBe(all);
        (await store.ModelIdentitiesAsync(null, Cancellation)).Select(i => (i.Fingerprint, i.Identity.Model)).ShouldBe([("fp-1", "a"), ("fp-1", "b"), ("fp-2", "c")]);

        static Core.Embedding.ProviderIdentity Identity(string model, string system, DateTimeOffset first, DateTimeOffset last) =>
            new() { Model = model, SystemFingerprint = system, FirstSeen = first, LastSeen = last };
    }

    [Fact]
    public async Task Each_process_gets_a_higher_lease_epoch()
    {
        var first = await store.NextLeaseEpochAsync(Cancellation);

        (await (await OpenAsync()).NextLeaseEpochAsync(Cancellation)).ShouldBe(first + 1);
    }

    [Fact]
    public async Task A_state_that_is_new_begins_above_the_epochs_of_an_older_one()
    {
        var old = await store.NextLeaseEpochAsync(Cancellation);
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1));

        var fresh = await StateStore.OpenAsync(Path.Join(folder, "another.db"), clock, Cancellation);

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
            (i % 2 == 0 ? store : other).SaveIndexAsync(new() { Name = $"index-{i}", CreatedAt = DateTimeOffset.UnixEpoch }, Cancellation)));

        (await store.ListIndexesAsync(Cancellation)).Count.ShouldBe(40);
    }

    [Fact]
    public async Task Evaluations_are_listed_newest_first_and_found_by_index_and_rollout()
    {
        foreach (var (id, index, rollout, day) in new[] { ("a", "docs", "docs-r1", 1), ("b", "docs", (string?)null, 3), ("c", "other", null, 2) })
        {
            await store.AddEvaluationAsync(new(id, index, rollout, "gate", "passed", DateTimeOffset.UnixEpoch.AddDays(day), $$"""{"of":"{{id}}"}"""), Cancellation);
        }

        (await store.ListEvaluationsAsync(null, 10, Cancellation)).Select(e => e.Id).ShouldBe(["b", "c", "a"]);
        (await store.ListEvaluationsAsync("docs", 1, Cancellation)).ShouldBe([new("b", "docs", null, "gate", "passed", DateTimeOffset.UnixEpoch.AddDays(3))]);
        (await store.LatestEvaluationAsync("docs", Cancellation))!.Id.ShouldBe("b");
        (await store.LatestEvaluationAsync("docs-r1", Cancellation))!.Json.ShouldBe("""{"of":"a"}""");
        (await store.LatestEvaluationAsync("nothing", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_file_that_is_no_state_is_refused_by_name()
    {
        var file = Path.Join(folder, "other.db");
        await File.WriteAllTextAsync(file, new string('x', 4096), Cancellation);

        var refused = await Should.ThrowAsync<StateException>(() => StateStore.OpenAsync(file, TimeProvider.System, Cancellation));

        refused.Message.ShouldContain(file);
        refused.Message.ShouldContain("not a state file");
    }

    private Task<StateStore> OpenAsync() => StateStore.OpenAsync(DatabaseFile, TimeProvider.System, Cancellation);
}
