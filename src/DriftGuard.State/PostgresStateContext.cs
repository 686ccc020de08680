using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace DriftGuard.State;

/// <summary>The same tables on PostgreSQL, with migrations of their own. Texts sort by their bytes, as in SQLite, whatever the database's language is.</summary>
internal sealed class PostgresStateContext(DbContextOptions<PostgresStateContext> options) : StateContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<string>().UseCollation("C");
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasSequence<long>("OutboxSequence");
    }

    /// <summary>For the design-time tools that write migrations.</summary>
    private sealed class DesignTimeFactory : IDesignTimeDbContextFactory<PostgresStateContext>
    {
        public PostgresStateContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<PostgresStateContext>().UseNpgsql("Host=design-time").Options);
    }
}
