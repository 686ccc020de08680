using DriftGuard.Core.Access;
using DriftGuard.Core.Rollouts;
using DriftGuard.State.Archives;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace DriftGuard.State.Tests.Archives;

public sealed class StateRestorationOnSqliteTests() : StateRestorationTests(StateKind.Sqlite);

public sealed class StateRestorationOnPostgresTests() : StateRestorationTests(StateKind.Postgres);

/// <summary>What a restored state is, and when none is restored.</summary>
public abstract class StateRestorationTests(StateKind kind) : StateFolder(kind)
{
    private const string Index = "docs";
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Lease_epochs_and_sequences_never_go_back()
    {
        var first = await Store.NextLeaseEpochAsync(Cancellation);
        var marked = await Store.MarkDirtyAsync(Index, ["1"], WriteKind.Put, Hour, Cancellation);
        await BackUpAsync();
        var later = await Store.NextLeaseEpochAsync(Cancellation);
        later.ShouldBeGreaterThan(first);

        var store = await RestoreAsync(leaseEpoch: later + 1_000, replace: true);

        var next = await store.MarkDirtyAsync(Index, ["2"], WriteKind.Put, Hour, Cancellation);
        next.LeaseEpoch.ShouldBe(later + 1_000);
        next.Sequence.ShouldBeGreaterThan(marked.Sequence);
        (await store.NextLeaseEpochAsync(Cancellation)).ShouldBe(later + 1_001);
    }

    [Fact]
    public async Task An_epoch_that_the_state_has_and_the_backup_lacks_is_known()
    {
        await BackUpAsync();
        long later = 0;
        for (var i = 0; i < 5; i++)
        {
            later = await Store.NextLeaseEpochAsync(Cancellation);
        }

        CloseAll();
        using var archive = ArchiveReader.Open(BackupFile);
        archive.Manifest.LeaseEpoch.ShouldBe(0);
        await using var restoration = await StateRestoration.BeginAsync(Database, archive, replace: true, Clock, Cancellation);

        (restoration.LeaseEpoch, restoration.HasRows).ShouldBe((later, true));
    }

    [Fact]
    public async Task Nobody_holds_a_lease_or_writes_afterwards_and_what_a_process_of_before_records_is_refused()
    {
        var rollout = await Store.AddRolloutAsync(Index, Rollouts.New, Cancellation);
        await Store.HoldWritesAsync(Index, "nonce", Hour, Cancellation);
        await BackUpAsync();
        var lease = (await Store.TryTakeRolloutLeaseAsync(rollout.Id, "before", TimeSpan.FromSeconds(1), Cancellation))!;
        await Store.ReleaseRolloutLeaseAsync(lease, Cancellation);

        var store = await RestoreAsync(replace: true);

        (await store.WriteTrafficAsync(Index, Cancellation)).Hold.ShouldBeNull();
        var taken = (await store.TryTakeRolloutLeaseAsync(rollout.Id, "after", Hour, Cancellation))!;
        taken.Epoch.ShouldBeGreaterThan(lease.Epoch);
        await Should.ThrowAsync<StateConflictException>(() => Store.SaveRolloutAsync(rollout, finished: false, lease.Epoch, Cancellation));
    }

    [Fact]
    public async Task A_rollout_under_way_compares_everything_again_and_one_that_is_over_stays_as_it_was()
    {
        var over = await Store.AddRolloutAsync("other", Rollouts.New, Cancellation);
        var pass = new CatchUpPass(3, 1, Side.Blue, 10, 0, 0, 0, 0, Noon, Noon) { Untold = 2 };
        over = over with { LastPass = pass, EndedAt = Noon, Phase = RolloutPhase.Failed };
        await Store.SaveRolloutAsync(over, finished: true, Cancellation);
        var rollout = await Store.AddRolloutAsync(Index, Rollouts.New, Cancellation);
        await Store.SaveRolloutAsync(rollout with { LastPass = pass, Phase = RolloutPhase.CuttingOver }, finished: false, Cancellation);
        await BackUpAsync();
        Clock.Advance(Hour);

        var store = await RestoreAsync(replace: true);

        StateJson.Write(await store.FindRolloutAsync(over.Id, Cancellation)).ShouldBe(StateJson.Write(over));
        var restored = (await store.FindRolloutAsync(rollout.Id, Cancellation))!;
        restored.LastPass.ShouldBeNull();
        restored.Phase.ShouldBe(RolloutPhase.CuttingOver);
        restored.Restored.ShouldBe(new RestoredState(Noon, Noon + Hour, Untold: 2));
    }

    [Fact]
    public async Task The_audit_log_tells_of_it_and_stays_append_only()
    {
        await Store.AddAuditAsync(null, "happened", "then", "before the backup", Cancellation);
        await BackUpAsync();
        await Store.AddAuditAsync(null, "happened", "then", "after the backup", Cancellation);

        StateStore store;
        using (StateStore.ActingAs(new Actor("ann", "desk")))
        {
            store = await RestoreAsync(replace: true);
        }

        var log = await store.AuditAsync(null, Cancellation);
        log.Select(entry => entry.Event).ShouldBe(["happened", "state_restored"]);
        (log[1].By, log[0].Message).ShouldBe(("ann", "before the backup"));
        log[1].Message.ShouldContain("as they were at 2026-03-10 12:00:00Z");
        log[1].Sequence.ShouldBeGreaterThan(log[0].Sequence);
        (await Should.ThrowAsync<Exception>(() => Sql.ExecuteAsync(Database, """DELETE FROM "Audit" """))).Message.ShouldContain("append-only");
    }

    [Fact]
    public async Task A_state_that_is_in_use_is_not_touched()
    {
        await Store.SaveIndexAsync(new() { Name = Index, CreatedAt = Noon }, Cancellation);
        await BackUpAsync();
        await Store.SaveIndexAsync(new() { Name = "since", CreatedAt = Noon }, Cancellation);

        // As another process, as far as the database is concerned.
        await using var other = await Database.OpenContextAsync(Cancellation);
        await Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.OpenConnectionAsync(other.Database, Cancellation);
        var refused = await Should.ThrowAsync<StateConflictException>(() => RestoreWhileOpenAsync());

        refused.Message.ShouldContain("stop every 'driftguard serve' and command that uses it");
        (await Store.ListIndexesAsync(Cancellation)).Select(index => index.Name).ShouldBe([Index, "since"]);
    }

    [Fact]
    public async Task A_state_that_holds_something_is_given_up_only_when_told_to_and_is_kept_then()
    {
        await BackUpAsync();
        await Store.SaveIndexAsync(new() { Name = "since", CreatedAt = Noon }, Cancellation);

        (await Should.ThrowAsync<StateConflictException>(() => RestoreAsync())).Message.ShouldContain("rows in Audit, Indexes. With --replace");
        (await Store.ListIndexesAsync(Cancellation)).ShouldHaveSingleItem();

        var kept = Path.Join(Folder, "kept.zip");
        var store = await RestoreAsync(replace: true, keep: kept);
        (await store.ListIndexesAsync(Cancellation)).ShouldBeEmpty();

        store = await RestoreAsync(replace: true, file: kept);
        (await store.ListIndexesAsync(Cancellation)).Select(index => index.Name).ShouldBe(["since"]);
    }

    [Fact]
    public async Task A_rehearsal_changes_nothing()
    {
        await Store.SaveIndexAsync(new() { Name = Index, CreatedAt = Noon }, Cancellation);
        await BackUpAsync();
        await Store.SaveIndexAsync(new() { Name = "since", CreatedAt = Noon }, Cancellation);
        var before = await ReadAsync();

        await RestoreAsync(replace: true, commit: false);

        (await ReadAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task What_fails_in_the_middle_leaves_the_state_as_it_was()
    {
        await using (var context = await Database.OpenContextAsync(Cancellation))
        {
            await Examples.AddAsync(context, Cancellation);
        }

        await BackUpAsync();
        var before = await ReadAsync();
        CloseAll();
        using (var archive = ArchiveReader.Open(BackupFile))
        await using (var restoration = await StateRestoration.BeginAsync(Database, archive, replace: true, Clock, Cancellation))
        {
            // What the examples say is a rollout or a lease is none: that is met after all tables were filled.
            await Should.ThrowAsync<Exception>(() => restoration.RunAsync(1, commit: true, Cancellation));
        }

        (await ReadAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_backup_of_an_earlier_schema_is_upgraded_as_a_state_of_it_is()
    {
        await Store.SaveIndexAsync(new() { Name = Index, CreatedAt = Noon }, Cancellation);
        await Store.NextLeaseEpochAsync(Cancellation);
        await BackUpAsync();
        await ArchiveEdit.ManifestAsync(BackupFile, manifest =>
        {
            manifest["schema"] = "TrafficAndBridges";
            var tables = manifest["tables"]!.AsArray();
            foreach (var later in tables.Where(table => (string)table!["name"]! is "ApiKeys" or "Idempotency").ToList())
            {
                tables.Remove(later);
            }

            var columns = tables.Single(table => (string)table!["name"]! == "Audit")!["columns"]!.AsArray();
            foreach (var later in columns.Where(column => (string)column!["name"]! is "By" or "From" or "Why").ToList())
            {
                columns.Remove(later);
            }
        });
        await ArchiveEdit.RemoveAsync(BackupFile, "tables/ApiKeys.jsonl", "tables/Idempotency.jsonl");

        var target = await NewDatabaseAsync("target");
        var store = await RestoreAsync(database: target);

        (await store.ListIndexesAsync(Cancellation)).Select(index => index.Name).ShouldBe([Index]);
        (await store.AuditAsync(null, Cancellation)).Select(entry => entry.Event).ShouldBe(["index_enrolled", "state_restored"]);
        (await store.ApiKeysAsync(Cancellation)).ShouldBeEmpty();
        (await store.SchemaVersionAsync(Cancellation)).ShouldEndWith(StateSchema.Current);
    }

    [Fact]
    public async Task A_state_of_an_earlier_schema_is_not_backed_up_by_a_later_version()
    {
        var earlier = await NewDatabaseAsync("earlier");
        await using (var context = await earlier.OpenContextAsync(Cancellation))
        {
            var migrations = Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.GetMigrations(context.Database).ToList();
            await Microsoft.EntityFrameworkCore.Infrastructure.AccessorExtensions.GetService<Microsoft.EntityFrameworkCore.Migrations.IMigrator>(context).MigrateAsync(migrations[^2], Cancellation);
        }

        var refused = await Should.ThrowAsync<StateException>(() => StateBackup.TakeAsync(earlier, BackupFile, overwrite: false, Clock, Cancellation));

        refused.Message.ShouldContain("take the backup with the version that it is used by, before an upgrade");
    }

    private string BackupFile => Path.Join(Folder, "backup.zip");

    private Task<ArchiveManifest> BackUpAsync() => StateBackup.TakeAsync(Database, BackupFile, overwrite: false, Clock, Cancellation);

    /// <summary>Restores once every connection of this process is closed, as when it had ended.</summary>
    private async Task<StateStore> RestoreAsync(long leaseEpoch = 1, bool replace = false, bool commit = true, string? keep = null, string? file = null, StateDatabase? database = null)
    {
        CloseAll();
        await RestoreWhileOpenAsync(leaseEpoch, replace, commit, keep, file, database);
        return await OpenAsync(database ?? Database, Clock);
    }

    private async Task RestoreWhileOpenAsync(long leaseEpoch = 1, bool replace = true, bool commit = true, string? keep = null, string? file = null, StateDatabase? database = null)
    {
        using var archive = ArchiveReader.Open(file ?? BackupFile);
        await using var restoration = await StateRestoration.BeginAsync(database ?? Database, archive, replace, Clock, Cancellation);
        if (keep is not null)
        {
            await restoration.KeepAsync(keep, Cancellation);
        }

        await restoration.RunAsync(leaseEpoch, commit, Cancellation);
    }

    private async Task<IReadOnlyList<string>> ReadAsync()
    {
        await using var context = await Database.OpenContextAsync(Cancellation);
        return await Examples.ReadAsync(context, Cancellation);
    }

    private static void CloseAll()
    {
        SqliteConnection.ClearAllPools();
        NpgsqlConnection.ClearAllPools();
    }
}
