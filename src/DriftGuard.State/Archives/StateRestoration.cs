using System.Globalization;
using DriftGuard.Core.Rollouts;
using DriftGuard.State.Databases;
using DriftGuard.State.Rows;
using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State.Archives;

/// <summary>
/// Exchanges everything that a state holds for what a backup holds, in one transaction, while nobody else uses the state. A process that ends in between
/// leaves what was there before. Dispose it to let others use the state again.
/// </summary>
public sealed class StateRestoration : IAsyncDisposable
{
    /// <summary>More leases of a rollout than were taken since any backup.</summary>
    private const long EpochsSkipped = 1_000_000;

    private readonly StateDatabase database;
    private readonly ExclusiveUse use;
    private readonly ArchiveReader archive;
    private readonly string? folder;
    private readonly TimeProvider time;
    private readonly IReadOnlyList<StateTable> tables;

    private StateRestoration(StateDatabase database, ExclusiveUse use, ArchiveReader archive, string? folder, TimeProvider time)
    {
        (this.database, this.use, this.archive, this.folder, this.time) = (database, use, archive, folder, time);
        tables = StateTable.Of(use.Context.Model);
    }

    /// <summary>Whether the state holds anything.</summary>
    public bool HasRows { get; private init; }

    /// <summary>The indexes that the backup holds, once it was restored or rehearsed.</summary>
    public IReadOnlyList<string> Indexes { get; private set; } = [];

    /// <summary>The latest lease epoch that backup and state know of.</summary>
    public long LeaseEpoch { get; private init; }

    /// <summary>Takes the state for itself, after the whole backup was read and held against its digests. Nothing is changed but the schema of a state that has none, or an older one that is to be replaced.</summary>
    /// <param name="database">The state; it is made where it is missing.</param>
    /// <param name="backup">The backup; the caller disposes it.</param>
    /// <param name="replace">Whether what the state holds is given up.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="StateArchiveException">The backup is damaged, or of a later schema.</exception>
    /// <exception cref="StateConflictException">Others use the state, or it holds something and is not to be replaced.</exception>
    /// <exception cref="StateException">The state cannot be used.</exception>
    public static async Task<StateRestoration> BeginAsync(StateDatabase database, ArchiveReader backup, bool replace, TimeProvider time, CancellationToken cancellation)
    {
        if (!StateSchema.IsKnown(backup.Manifest.Schema))
        {
            throw new StateArchiveException(
                $"{backup.File} has the schema {backup.Manifest.Schema} of DriftGuard {backup.Manifest.DriftGuardVersion}, which this version does not know; use that version or a later one");
        }

        await backup.VerifyAsync(cancellation);
        var restoring = database.ForRestoring();
        return await ExplainAsync(restoring, async () =>
        {
            var (scratch, upgraded) = (default(string), backup);
            ExclusiveUse? alone = null;
            try
            {
                if (backup.Manifest.Schema != StateSchema.Current)
                {
                    scratch = Directory.CreateTempSubdirectory("driftguard-restore-").FullName;
                    upgraded = await ArchiveUpgrade.RunAsync(backup, scratch, time, cancellation);
                }

                RequireAll(upgraded);
                alone = await restoring.UseAloneAsync(cancellation);
                var schema = await StateSchema.OfAsync(alone.Context, cancellation);
                if (schema is not null && schema != StateSchema.Current && !replace)
                {
                    throw NotEmpty(database, $"it has the schema {schema}");
                }

                await SchemaUpgrade.RunAsync(alone.Context, restoring, time, cancellation);
                var (epoch, rows, leased) = await LookAsync(alone, restoring, time, cancellation);
                if (leased is not null)
                {
                    throw new StateConflictException($"{database.Name}: {leased.Owner} looks after rollout {leased.RolloutId} until {leased.Until:u}; stop that process, then restore");
                }

                return rows is not null && !replace ? throw NotEmpty(database, rows) : new StateRestoration(restoring, alone, upgraded, scratch, time)
                {
                    HasRows = rows is not null,
                    LeaseEpoch = Math.Max(epoch, backup.Manifest.LeaseEpoch),
                };
            }
            catch
            {
                await DisposeAsync(alone, upgraded, scratch);
                throw;
            }
        });
    }

    /// <summary>Takes a backup of what the state holds.</summary>
    /// <param name="file">The file, which is not there yet.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public Task<ArchiveManifest> KeepAsync(string file, CancellationToken cancellation) =>
        ExplainAsync(database, () => StateBackup.TakeAsync(use.Context, database, file, overwrite: false, time, cancellation));

    /// <summary>Exchanges the rows.</summary>
    /// <param name="leaseEpoch">No lease epoch up to here is given out again.</param>
    /// <param name="commit">Whether they are to stay: otherwise it is a rehearsal, after which everything is as before.</param>
    /// <param name="cancellation">Cancels; then everything is as before.</param>
    /// <returns>The rollouts that have not come to their end, as they go on.</returns>
    /// <exception cref="StateConflictException">Others use the state after all.</exception>
    /// <exception cref="StateException">The state cannot be written.</exception>
    public Task<IReadOnlyList<Rollout>> RunAsync(long leaseEpoch, bool commit, CancellationToken cancellation) => ExplainAsync(database, async () =>
    {
        await using var transaction = await use.BeginAsync(tables, cancellation);
        await use.EmptyAsync(transaction, tables, cancellation);
        await ArchiveLoader.LoadAsync(archive, transaction, cancellation);
        await using (await use.Context.Database.UseTransactionAsync(transaction, cancellation))
        {
            var rollouts = await GoOnAsync(leaseEpoch, cancellation);
            Indexes = await use.Context.Indexes.AsNoTracking().Select(index => index.Name).ToListAsync(cancellation);
            await use.SettleAsync(transaction, tables, cancellation);
            await RecordAsync(leaseEpoch, cancellation);
            if (commit)
            {
                await transaction.CommitAsync(cancellation);
            }

            return rollouts;
        }
    });

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => DisposeAsync(use, archive, folder);

    /// <summary>
    /// What must not be as it was. Nobody holds a lease or writes; what a process of before may still record is older than any lease from now on, and what it may still
    /// write to Qdrant has an earlier revision. Ids that were kept for a merge tell late writes from others no more.
    /// </summary>
    private async Task<IReadOnlyList<Rollout>> GoOnAsync(long leaseEpoch, CancellationToken cancellation)
    {
        var (context, now) = (use.Context, time.GetUtcNow());
        await context.WriteHolds.ExecuteDeleteAsync(cancellation);
        await context.IdSets.ExecuteDeleteAsync(cancellation);
        await context.RolloutLeases.ExecuteUpdateAsync(
            set => set.SetProperty(lease => lease.Until, DateTimeOffset.UnixEpoch).SetProperty(lease => lease.Epoch, lease => lease.Epoch + EpochsSkipped), cancellation);
        await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "Counters" ("Name", "Value") VALUES ({StateStore.LeaseCounter}, {leaseEpoch})
            ON CONFLICT ("Name") DO UPDATE SET "Value" = CASE WHEN "Counters"."Value" > excluded."Value" THEN "Counters"."Value" ELSE excluded."Value" END
            """, cancellation);
        await database.RaiseOutboxSequenceAsync(context, archive.Manifest.OutboxSequence, cancellation);

        var rollouts = new List<Rollout>();
        foreach (var row in await context.Rollouts.Where(rollout => !rollout.Finished).OrderBy(rollout => rollout.Index).ThenBy(rollout => rollout.Number).ToListAsync(cancellation))
        {
            var rollout = RestoredState.Apply(StateJson.Read<Rollout>(row.Json), archive.Manifest.TakenAt, now);
            row.Json = StateJson.Write(rollout);
            rollouts.Add(rollout);
        }

        var leased = await context.RolloutLeases.Select(lease => lease.RolloutId).ToListAsync(cancellation);
        context.RolloutLeases.AddRange(rollouts.Where(rollout => !leased.Contains(rollout.Id, StringComparer.Ordinal))
            .Select(rollout => new RolloutLeaseRow { RolloutId = rollout.Id, Owner = "restore", Epoch = EpochsSkipped, Until = DateTimeOffset.UnixEpoch }));
        await context.SaveChangesAsync(cancellation);
        context.ChangeTracker.Clear();
        return rollouts;
    }

    /// <summary>The last row of the audit log tells that what follows is of another time.</summary>
    private async Task RecordAsync(long leaseEpoch, CancellationToken cancellation)
    {
        var manifest = archive.Manifest;
        StateStore.Append(use.Context, time.GetUtcNow(), StateStore.NoIndex, null, "state_restored", "requested", string.Create(
            CultureInfo.InvariantCulture,
            $"{manifest.Rows} rows of {manifest.Source} on {manifest.Machine}, as they were at {manifest.TakenAt:u}; lease epochs go on above {leaseEpoch}"));
        await use.Context.SaveChangesAsync(cancellation);
    }

    private static async Task<(long Epoch, string? Rows, RolloutLease? Leased)> LookAsync(ExclusiveUse alone, StateDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var context = alone.Context;
        var epoch = await context.Counters.Where(counter => counter.Name == StateStore.LeaseCounter).Select(counter => counter.Value).SingleOrDefaultAsync(cancellation);
        var rows = new List<string>();
        foreach (var table in StateTable.Of(context.Model))
        {
            var name = StateTable.Quote(table.Name);
#pragma warning disable EF1002 // the model's own names
            if ((await context.Database.SqlQueryRaw<int>($"""SELECT 1 AS "Value" FROM {name} LIMIT 1""").ToListAsync(cancellation)).Count > 0)
#pragma warning restore EF1002
            {
                rows.Add(table.Name);
            }
        }

        // A file has one process at a time, which has ended.
        var now = await database.NowAsync(context, time, cancellation);
        var leased = database.SharedConnection is null ? null : await context.RolloutLeases.AsNoTracking().Where(lease => lease.Until > now)
            .Select(lease => new RolloutLease(lease.RolloutId, lease.Owner, lease.Epoch, lease.Until)).FirstOrDefaultAsync(cancellation);
        return (epoch, rows.Count == 0 ? null : $"it has rows in {string.Join(", ", rows)}", leased);
    }

    private static StateConflictException NotEmpty(StateDatabase database, string what) =>
        new($"{database.Name} is not empty: {what}. With --replace a backup of it is taken first, and then it is given up");

    private static void RequireAll(ArchiveReader archive)
    {
        using var context = new StateContext(new DbContextOptionsBuilder<StateContext>().UseSqlite().Options);
        var (expected, found) = (StateTable.Of(context.Model), archive.Manifest.Tables.ToDictionary(table => table.Name, StringComparer.Ordinal));
        foreach (var table in expected)
        {
            if (!found.Remove(table.Name, out var there) || !there.Columns.SequenceEqual(table.Columns))
            {
                throw new StateArchiveException($"{archive.File}: table {table.Name} is missing or has other columns than schema {StateSchema.Current} has");
            }
        }

        if (found.Count > 0)
        {
            throw new StateArchiveException($"{archive.File}: schema {StateSchema.Current} has no table {string.Join(", ", found.Keys)}");
        }
    }

    private static async Task<T> ExplainAsync<T>(StateDatabase database, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (StateException.Cause(error) is { } cause && database.Explain(cause) is { } explained)
        {
            throw new StateException($"{database.Name}: {explained}", error);
        }
    }

    private static async ValueTask DisposeAsync(ExclusiveUse? alone, ArchiveReader read, string? scratch)
    {
        if (alone is not null)
        {
            await alone.DisposeAsync();
        }

        if (scratch is not null)
        {
            read.Dispose();
            Directory.Delete(scratch, recursive: true);
        }
    }
}
