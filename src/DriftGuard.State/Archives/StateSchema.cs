using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DriftGuard.State.Archives;

/// <summary>
/// Versions of the schema by names that are the same on every database: those of SQLite's migrations, in their order. The first migration of PostgreSQL
/// makes what SQLite has after several.
/// </summary>
internal static class StateSchema
{
    private const string FirstOfPostgres = "Initial";
    private const string FirstOfPostgresOnSqlite = "CopyFailures";

    private static readonly Lazy<IReadOnlyList<string>> Migrations = new(() =>
    {
        using var context = new StateContext(new DbContextOptionsBuilder<StateContext>().UseSqlite().Options);
        return [.. context.Database.GetMigrations()];
    });

    /// <summary>That of this build.</summary>
    public static string Current => NameOf(Migrations.Value[^1]);

    /// <summary>Whether this build knows it.</summary>
    public static bool IsKnown(string schema) => Migrations.Value.Any(migration => NameOf(migration) == schema);

    /// <summary>The migration of SQLite that makes a schema which is known.</summary>
    public static string OnSqlite(string schema) => Migrations.Value.Single(migration => NameOf(migration) == schema);

    /// <summary>The schema of a database; null where it has none yet.</summary>
    public static async Task<string?> OfAsync(StateContext context, CancellationToken cancellation) =>
        (await context.GetService<IHistoryRepository>().ExistsAsync(cancellation) ? await context.Database.GetAppliedMigrationsAsync(cancellation) : []).LastOrDefault() is not { } latest ? null
        : NameOf(latest) is var name && context is PostgresStateContext && name == FirstOfPostgres ? FirstOfPostgresOnSqlite
        : name;

    private static string NameOf(string migration) => migration[(migration.IndexOf('_', StringComparison.Ordinal) + 1)..];
}
