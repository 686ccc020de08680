using System.Data.Common;

namespace DriftGuard.State.Tests;

public sealed class AuditLogOnSqliteTests() : AuditLogTests(StateKind.Sqlite);

public sealed class AuditLogOnPostgresTests() : AuditLogTests(StateKind.Postgres);

public abstract class AuditLogTests(StateKind kind) : StateFolder(kind)
{
    [Theory]
    [InlineData("""UPDATE "Audit" SET "Message" = 'nothing happened'""")]
    [InlineData("""DELETE FROM "Audit" """)]
    public async Task What_is_on_record_is_neither_changed_nor_deleted(string sql)
    {
        await Store.AddRolloutAsync("docs", Rollouts.New, Cancellation);
        var before = await Store.AuditAsync(null, Cancellation);

        (await Should.ThrowAsync<DbException>(() => Sql.ExecuteAsync(Database, sql))).Message.ShouldContain("append-only");

        before.Count.ShouldBe(1);
        (await Store.AuditAsync(null, Cancellation)).ShouldBe(before);
    }
}
