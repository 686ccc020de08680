namespace DriftGuard.State.Tests;

public sealed class SharedSchemaOnSqliteTests() : SharedSchemaTests(StateKind.Sqlite);

public sealed class SharedSchemaOnPostgresTests() : SharedSchemaTests(StateKind.Postgres);

public abstract class SharedSchemaTests(StateKind kind) : StateFolder(kind)
{
    [Fact]
    public async Task Processes_that_make_the_tables_at_the_same_time_all_use_them()
    {
        var empty = await NewDatabaseAsync("empty");

        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => OpenAsync(empty, TimeProvider.System))));

        (await Task.WhenAll(stores.Select(s => s.NextLeaseEpochAsync(Cancellation)))).Distinct().Count().ShouldBe(stores.Length);
    }

    [Fact]
    public async Task A_database_of_a_later_version_is_refused_and_left_alone()
    {
        await Sql.ExecuteAsync(Database, """INSERT INTO "__EFMigrationsHistory" VALUES ('99990101000000_Later', '99.0.0')""");

        var refused = await Should.ThrowAsync<StateException>(OpenAsync);

        refused.Message.ShouldContain(Database.Name);
        refused.Message.ShouldContain("a later version of DriftGuard");
    }

    [Fact]
    public async Task The_right_to_change_the_schema_is_one_process_at_a_time()
    {
        var other = await OpenAsync();
        var held = await Store.LockSchemaAsync(Cancellation);

        (await Database.TryLockSchemaAsync(Cancellation)).ShouldBeNull();
        await held.DisposeAsync();

        await using var again = await other.LockSchemaAsync(Cancellation);
        again.ShouldNotBeNull();
    }
}
