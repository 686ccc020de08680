using DriftGuard.Core.Rollouts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DriftGuard.State.Tests;

public sealed class EarlierSchemaOnSqliteTests() : EarlierSchemaTests(StateKind.Sqlite);

public sealed class EarlierSchemaOnPostgresTests() : EarlierSchemaTests(StateKind.Postgres);

/// <summary>A rollout that an earlier version left in the middle of copying is read, and goes on.</summary>
public abstract class EarlierSchemaTests(StateKind kind) : StateFolder(kind)
{
    // As the first version wrote it: nothing that was added to the record since.
    private const string Old = """
        {"formatVersion":1,"id":"docs-r1","index":"docs","fromModel":"old","fromFingerprint":"aa","toModel":"new","toFingerprint":"bb","blue":"blue","green":"green",
        "calibrationSet":"set","settings":{"batchSize":64},"createdAt":"2026-01-01T00:00:00+00:00","phase":"Copying","reason":"progressing","message":"",
        "phaseSince":"2026-01-01T00:00:00+00:00","expectedToken":{"index":"docs","epoch":1,"nonce":"n"},"serving":"Blue","greenCreated":true,"partitionsPlanned":2}
        """;

    [Fact]
    public async Task It_is_read_and_goes_on()
    {
        await using var context = await Database.OpenContextAsync(Cancellation);
        var migrations = context.Database.GetMigrations().SkipLast(1).ToList();
        migrations.ShouldNotBeEmpty();
        foreach (var migration in migrations)
        {
            await GoesOnFromAsync(migration);
        }
    }

    private async Task GoesOnFromAsync(string migration)
    {
        var earlier = await NewDatabaseAsync(migration);
        await using (var context = await earlier.OpenContextAsync(Cancellation))
        {
            await context.GetService<IMigrator>().MigrateAsync(migration, Cancellation);
        }

        // SQLite's first schema is older than PostgreSQL's, which has a count of tokens from its beginning.
        var (no, yes, column, value) = earlier.SharedConnection is null ? ("0", "1", "", "") : ("FALSE", "TRUE", ", \"Tokens\"", ", 0");
        await Sql.ExecuteAsync(earlier, $"""
            INSERT INTO "Rollouts" ("Id", "Index", "Number", "Phase", "Finished", "Json") VALUES ('docs-r1', 'docs', 1, 'Copying', {no}, '{Old}');
            INSERT INTO "Requests" ("RolloutId", "Kind", "By", "At") VALUES ('docs-r1', 'Approve', 'someone', 0);
            INSERT INTO "Partitions" ("RolloutId", "Ordinal", "Start", "End", "Cursor", "Attempt", "Copied", "Truncated", "Done"{column})
            VALUES ('docs-r1', 0, '0', '9', '9', 1, 9, 1, {yes}{value}), ('docs-r1', 1, '9', NULL, '12', 2, 3, 0, {no}{value});
            """);
        var store = await OpenAsync(earlier, Clock);

        (await store.SchemaVersionAsync(Cancellation)).ShouldBeGreaterThan(migration);
        var rollout = (await store.UnfinishedRolloutsAsync(Cancellation)).ShouldHaveSingleItem();
        (rollout.Phase, rollout.Settings.BatchSize, rollout.PartitionsPlanned).ShouldBe((RolloutPhase.Copying, 64, 2));
        (await store.RequestsAsync("docs-r1", Cancellation)).ApprovedBy.ShouldBe("someone");

        var claimed = await store.ClaimPartitionAsync("docs-r1", 1, Cancellation);
        (claimed.Cursor, claimed.Attempt, claimed.Copied, claimed.Tokens, claimed.Proof).ShouldBe(("12", 3, 3, 0, null));
        (await store.AdvancePartitionAsync("docs-r1", 1, claimed.Attempt, new("15", 3, 0, true, 40), Cancellation)).ShouldBeTrue();
        var lease = (await store.TryTakeRolloutLeaseAsync("docs-r1", store.Instance, TimeSpan.FromMinutes(1), Cancellation))!;
        await store.SaveRolloutAsync(rollout with { Phase = RolloutPhase.CatchingUp }, finished: false, lease.Epoch, Cancellation);
        (await store.FindRolloutAsync("docs-r1", Cancellation))!.Phase.ShouldBe(RolloutPhase.CatchingUp);
    }
}
