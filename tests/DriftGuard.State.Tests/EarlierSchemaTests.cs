using DriftGuard.Core.Rollouts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DriftGuard.State.Tests;

/// <summary>A rollout that an earlier version left in the middle of copying is read, and goes on.</summary>
public sealed class EarlierSchemaTests() : StateFolder(StateKind.Sqlite)
{
    // As the first version wrote it: nothing that was added to the record since.
    private const string Old = """
        {"formatVersion":1,"id":"docs-r1","index":"docs","fromModel":"old","fromFingerprint":"aa","toModel":"new","toFingerprint":"bb","blue":"blue","green":"green",
        "calibrationSet":"set","settings":{"batchSize":64},"createdAt":"2026-01-01T00:00:00+00:00","phase":"Copying","reason":"progressing","message":"",
        "phaseSince":"2026-01-01T00:00:00+00:00","expectedToken":{"index":"docs","epoch":1,"nonce":"n"},"serving":"Blue","greenCreated":true,"partitionsPlanned":2}
        """;

    public static TheoryData<string> Earlier => ["20261123225538_Initial", "20261124200000_ModelIdentities", "20261124222734_Drift", "20261125023000_Thresholds", "20261129133155_WritesAndLeases"];

    [Theory]
    [MemberData(nameof(Earlier))]
    public async Task It_is_read_and_goes_on(string migration)
    {
        var earlier = await NewDatabaseAsync("earlier");
        await using (var context = await earlier.OpenContextAsync(Cancellation))
        {
            await context.GetService<IMigrator>().MigrateAsync(migration, Cancellation);
        }

        await Sql.ExecuteAsync(earlier, $"""
            INSERT INTO "Rollouts" ("Id", "Index", "Number", "Phase", "Finished", "Json") VALUES ('docs-r1', 'docs', 1, 'Copying', 0, '{Old}');
            INSERT INTO "Requests" ("RolloutId", "Kind", "By", "At") VALUES ('docs-r1', 'Approve', 'someone', 0);
            INSERT INTO "Partitions" ("RolloutId", "Ordinal", "Start", "End", "Cursor", "Attempt", "Copied", "Truncated", "Done")
            VALUES ('docs-r1', 0, '0', '9', '9', 1, 9, 1, 1), ('docs-r1', 1, '9', NULL, '12', 2, 3, 0, 0);
            """);
        var store = await OpenAsync(earlier, Clock);

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

    [Fact]
    public async Task Every_earlier_schema_is_tried()
    {
        await using var context = await Database.OpenContextAsync(Cancellation);

        context.Database.GetMigrations().SkipLast(1).ShouldBe(Earlier.Select(row => row.Data));
    }
}
