using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DriftGuard.State.Tests;

public sealed class SchemaUpgradeTests : IDisposable
{
    // As EF Core writes it before an upgrade, and a process that is killed in between leaves it.
    private const string LockLeftBehind = """
        CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
        INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00+00:00');
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-upgrade-").FullName;
    private readonly CancellationTokenSource tooLong = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public SchemaUpgradeTests() => tooLong.CancelAfter(TimeSpan.FromMinutes(1));

    private string DatabaseFile => Path.Join(folder, "state.db");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
        tooLong.Dispose();
    }

    [Fact]
    public async Task A_process_killed_before_the_schema_was_there_holds_nobody_up()
    {
        await ExecuteAsync(LockLeftBehind);

        (await (await OpenAsync()).ListIndexesAsync(tooLong.Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_process_killed_after_the_schema_was_there_holds_nobody_up()
    {
        await (await OpenAsync()).SaveIndexAsync(new() { Name = "docs", CreatedAt = DateTimeOffset.UnixEpoch }, tooLong.Token);
        await ExecuteAsync(LockLeftBehind);

        (await (await OpenAsync()).ListIndexesAsync(tooLong.Token)).Select(i => i.Name).ShouldBe(["docs"]);
    }

    [Fact]
    public async Task Processes_that_create_the_file_at_the_same_time_all_use_it()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(OpenAsync)));

        var epochs = await Task.WhenAll(stores.Select(s => s.NextLeaseEpochAsync(tooLong.Token)));

        epochs.Distinct().Count().ShouldBe(stores.Length);
    }

    [Fact]
    public async Task A_file_of_a_later_version_is_refused_and_left_alone()
    {
        await OpenAsync();
        await ExecuteAsync("""INSERT INTO "__EFMigrationsHistory" VALUES ('99990101000000_Later', '99.0.0')""");

        var refused = await Should.ThrowAsync<StateException>(OpenAsync);

        refused.Message.ShouldContain(DatabaseFile);
        refused.Message.ShouldContain("a later version of DriftGuard");
    }

    [Fact]
    public async Task What_the_schema_before_drift_held_is_there_afterwards()
    {
        await MigrateAsync("20261124200000_ModelIdentities");
        await ExecuteAsync("""
            INSERT INTO Indexes VALUES ('docs', '{"name":"docs","createdAt":"2026-01-01T00:00:00+00:00"}');
            INSERT INTO Counters VALUES ('lease', 999999);
            INSERT INTO ModelIdentities VALUES ('fp', 'model', '', 0, 0);
            """);

        var store = await OpenAsync();

        (await store.ListIndexesAsync(tooLong.Token)).Select(i => i.Name).ShouldBe(["docs"]);
        (await store.ModelIdentitiesAsync(null, tooLong.Token)).Select(i => i.Fingerprint).ShouldBe(["fp"]);
        (await store.NextLeaseEpochAsync(tooLong.Token)).ShouldBe(1_000_000);
        (await store.LeaseEpochTimesAsync([999_999, 1_000_000], tooLong.Token)).Keys.ShouldBe([1_000_000]);
        (await store.ListDriftReportsAsync(null, 1, null, tooLong.Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_schema_of_drift_can_be_taken_back_and_put_there_again()
    {
        await (await OpenAsync()).SaveIndexAsync(new() { Name = "docs", CreatedAt = DateTimeOffset.UnixEpoch }, tooLong.Token);

        await MigrateAsync("20261124200000_ModelIdentities");
        var store = await OpenAsync();

        (await store.ListIndexesAsync(tooLong.Token)).Select(i => i.Name).ShouldBe(["docs"]);
        (await store.ListDriftBaselinesAsync(null, tooLong.Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_that_is_no_state_is_refused_by_name()
    {
        await File.WriteAllTextAsync(DatabaseFile, new string('x', 4096), tooLong.Token);

        var refused = await Should.ThrowAsync<StateException>(OpenAsync);

        refused.Message.ShouldContain(DatabaseFile);
        refused.Message.ShouldContain("not a state file");
    }

    private async Task MigrateAsync(string to)
    {
        await using var context = new StateContext(new DbContextOptionsBuilder<StateContext>().UseSqlite($"Data Source={DatabaseFile}").Options);
        await context.GetService<IMigrator>().MigrateAsync(to, tooLong.Token);
    }

    private Task<StateStore> OpenAsync() => StateStore.OpenAsync(DatabaseFile, TimeProvider.System, tooLong.Token);

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={DatabaseFile}");
        await connection.OpenAsync(tooLong.Token);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this file
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(tooLong.Token);
    }
}
