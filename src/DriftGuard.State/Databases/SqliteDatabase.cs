using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace DriftGuard.State.Databases;

/// <summary>
/// A SQLite file (WAL). Its transactions begin with the right to write, one at a time, so nothing else needs to be held. EF Core guards an
/// upgrade by a row in the file, which a killed process leaves behind and the next one then waits for without end. So the guard is a lock
/// of the operating system on a file beside it; whoever holds it may remove such a row.
/// </summary>
internal sealed class SqliteDatabase(string file) : StateDatabase
{
    private const string OutboxCounter = "outbox";

    private readonly PooledDbContextFactory<StateContext> contexts = new(new DbContextOptionsBuilder<StateContext>()
        .UseSqlite(new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 30 }.ToString()).Options);

    public override string Name { get; } = $"state file {file}";

    internal override Task<StateContext> OpenContextAsync(CancellationToken cancellation) => contexts.CreateDbContextAsync(cancellation);

    internal override Task<IAsyncDisposable?> TryLockSchemaAsync(CancellationToken cancellation)
    {
        var path = $"{file}.lock";
        try
        {
            // It stays where it is: one that is deleted could be held twice, by its old and its new file.
            return Task.FromResult<IAsyncDisposable?>(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1));
        }
        catch (IOException) when (File.Exists(path))
        {
            return Task.FromResult<IAsyncDisposable?>(null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StateException($"{Name}: it cannot be upgraded, since {path} cannot be held: {error.Message} Check the permissions of its folder", error);
        }
    }

    internal override Task BeforeUpgradeAsync(StateContext context, CancellationToken cancellation) =>
        context.Database.ExecuteSqlRawAsync("""DROP TABLE IF EXISTS "__EFMigrationsLock" """, cancellation);

    internal override Task AfterUpgradeAsync(StateContext context, CancellationToken cancellation) =>
        context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancellation);

    internal override Task<DateTimeOffset> NowAsync(StateContext context, TimeProvider time, CancellationToken cancellation) => Task.FromResult(time.GetUtcNow());

    internal override Task HoldAsync(StateContext context, string name, bool shared, CancellationToken cancellation) => Task.CompletedTask;

    internal override async Task<long> NextOutboxSequenceAsync(StateContext context, CancellationToken cancellation) => (await context.Database.SqlQuery<long>(
        $"""
        INSERT INTO "Counters" ("Name", "Value") VALUES ({OutboxCounter}, 1) ON CONFLICT ("Name") DO UPDATE SET "Value" = "Counters"."Value" + 1 RETURNING "Value"
        """).ToListAsync(cancellation)).Single();

    internal override async Task<long> OutboxSequenceAsync(StateContext context, CancellationToken cancellation) =>
        await context.Counters.Where(counter => counter.Name == OutboxCounter).Select(counter => counter.Value).SingleOrDefaultAsync(cancellation);

    internal override Task RaiseOutboxSequenceAsync(StateContext context, long above, CancellationToken cancellation) => context.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO "Counters" ("Name", "Value") VALUES ({OutboxCounter}, {above}) ON CONFLICT ("Name") DO UPDATE SET "Value" = max("Counters"."Value", excluded."Value")
        """, cancellation);

    // Deferred: it takes no right to write, so that writers go on beside it, and sees the file as it is at its first read.
    internal override Task<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellation) =>
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: true));

    internal override async Task<ExclusiveUse> UseAloneAsync(CancellationToken cancellation) => await ExclusiveSqlite.OpenAsync(file, cancellation);

    internal override string? Explain(DbException error) => (error as SqliteException)?.SqliteErrorCode switch
    {
        null => null,
        5 or 6 => "another process holds it; stop that process or wait",
        8 => "it cannot be written; check the permissions of the file and its folder",
        10 => $"the disk reports an error ({error.Message}); check the disk's health and free space",
        11 or 26 => "it is damaged or not a state file; restore it from a backup",
        13 => "the disk is full; free some space. Nothing was half written, the work goes on from here",
        14 => "it cannot be opened; check that the folder exists and may be written",
        _ => error.Message,
    };
}
