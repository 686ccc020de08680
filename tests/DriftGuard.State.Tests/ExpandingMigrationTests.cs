using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace DriftGuard.State.Tests;

public sealed class ExpandingMigrationOnSqliteTests() : ExpandingMigrationTests(StateKind.Sqlite);

public sealed class ExpandingMigrationOnPostgresTests() : ExpandingMigrationTests(StateKind.Postgres);

/// <summary>
/// A process of an earlier version goes on while a later one has brought the schema further: so a migration takes nothing away, and asks nothing of rows that are
/// written without knowing of it.
/// </summary>
public abstract class ExpandingMigrationTests(StateKind kind) : StateFolder(kind)
{
    [Fact]
    public async Task Every_migration_only_adds()
    {
        await using var context = await Database.OpenContextAsync(Cancellation);
        var assembly = context.GetService<IMigrationsAssembly>();
        assembly.Migrations.Count.ShouldBeGreaterThan(1);

        // Nobody writes before the first.
        assembly.Migrations.OrderBy(migration => migration.Key, StringComparer.Ordinal).Skip(1)
            .SelectMany(migration => Problems(assembly.CreateMigration(migration.Value, context.Database.ProviderName!).UpOperations).Select(what => (migration.Key, What: what)))
            .Select(found => $"{found.Key}: {found.What}").ShouldBeEmpty();
    }

    [Fact]
    public void What_takes_away_or_asks_is_seen()
    {
        Problem(new DropColumnOperation { Name = "a", Table = "t" }).ShouldNotBeNull();
        Problem(new AddColumnOperation { Name = "a", Table = "t", ClrType = typeof(string) }).ShouldNotBeNull();
        Problem(new AddColumnOperation { Name = "a", Table = "t", ClrType = typeof(string), IsNullable = true }).ShouldBeNull();
        Problem(new AddColumnOperation { Name = "a", Table = "t", ClrType = typeof(long), DefaultValue = 0L }).ShouldBeNull();
        Problem(new CreateIndexOperation { Name = "i", Table = "t", Columns = ["a"], IsUnique = true }).ShouldNotBeNull();
        Problem(new SqlOperation { Sql = "ALTER TABLE t DROP COLUMN a" }).ShouldNotBeNull();

        var unique = new CreateIndexOperation { Name = "i", Table = "new", Columns = ["a"], IsUnique = true };
        Problems([new CreateTableOperation { Name = "new" }, unique]).ShouldBeEmpty("nobody of before writes to what is new");
        Problems([new CreateTableOperation { Name = "other" }, unique]).ShouldHaveSingleItem();
    }

    private static IEnumerable<string> Problems(IReadOnlyList<MigrationOperation> operations)
    {
        var made = operations.OfType<CreateTableOperation>().Select(table => table.Name).ToHashSet(StringComparer.Ordinal);
        return operations.Where(operation => operation is not CreateIndexOperation index || !made.Contains(index.Table)).Select(Problem).OfType<string>();
    }

    private static string? Problem(MigrationOperation operation) => operation switch
    {
        CreateTableOperation or CreateSequenceOperation => null,
        AddColumnOperation column => column.IsNullable || column.DefaultValue is not null || column.DefaultValueSql is not null
            ? null : $"rows that are written without {column.Table}.{column.Name} are refused",
        CreateIndexOperation index => index.IsUnique ? $"{index.Name} refuses rows that were allowed before" : null,
        SqlOperation { Sql: var sql } => sql.Contains("DROP ", StringComparison.OrdinalIgnoreCase) || sql.Contains("RENAME ", StringComparison.OrdinalIgnoreCase) ? sql : null,
        _ => operation.GetType().Name,
    };
}
