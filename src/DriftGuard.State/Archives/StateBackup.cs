using System.Reflection;
using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State.Archives;

/// <summary>
/// Takes backups of a state while it is in use: all tables as they were at one moment, in one file that is restored on any database. On SQLite
/// the moment is that of a reading transaction, beside which writers go on (WAL); on PostgreSQL that of a transaction of isolation repeatable read.
/// </summary>
public static class StateBackup
{
    private static string Version { get; } =
        typeof(StateBackup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Writes a backup. The file is there, and whole, when this returns; before that there is none, or the old one.</summary>
    /// <param name="database">The state, in use or not.</param>
    /// <param name="file">The file; its folder exists.</param>
    /// <param name="overwrite">Whether a file that is there is replaced.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="StateException">The state cannot be read, or has another schema than this build.</exception>
    /// <exception cref="IOException">The file cannot be written, or is there already.</exception>
    public static async Task<ArchiveManifest> TakeAsync(StateDatabase database, string file, bool overwrite, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            await using var context = await database.OpenContextAsync(cancellation);
            return await TakeAsync(context, database, file, overwrite, time, cancellation);
        }
        catch (Exception error) when (StateException.Cause(error) is { } cause && database.Explain(cause) is { } explained)
        {
            throw new StateException($"{database.Name}: {explained}", error);
        }
    }

    internal static async Task<ArchiveManifest> TakeAsync(StateContext context, StateDatabase database, string file, bool overwrite, TimeProvider time, CancellationToken cancellation)
    {
        if (await StateSchema.OfAsync(context, cancellation) is var schema && schema != StateSchema.Current)
        {
            throw new StateException(schema is null ? $"{database.Name}: there is no state yet"
                : $"{database.Name}: its schema is {schema}, and that of this version {StateSchema.Current}; take the backup with the version that it is used by, before an upgrade");
        }

        if (!overwrite && File.Exists(file))
        {
            throw new IOException($"{file} exists already");
        }

        var part = $"{file}.{Guid.NewGuid():N}.part";
        try
        {
            ArchiveManifest manifest;
            await using (var output = Create(part))
            {
                manifest = await WriteAsync(context, database, output, time, cancellation);
                output.Flush(flushToDisk: true);
            }

            File.Move(part, file, overwrite);
            return manifest;
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Writes what one moment of the database holds.</summary>
    internal static async Task<ArchiveManifest> WriteAsync(StateContext context, StateDatabase database, Stream output, TimeProvider time, CancellationToken cancellation)
    {
        await context.Database.OpenConnectionAsync(cancellation);
        await using var transaction = await database.BeginSnapshotAsync(context.Database.GetDbConnection(), cancellation);
        await using var used = await context.Database.UseTransactionAsync(transaction, cancellation);
        var epoch = await context.Counters.Where(counter => counter.Name == StateStore.LeaseCounter).Select(counter => counter.Value).SingleOrDefaultAsync(cancellation);
        var (takenAt, sequence) = (time.GetUtcNow(), await database.OutboxSequenceAsync(context, cancellation));
        return await ArchiveWriter.WriteAsync(output, transaction, StateTable.Of(context.Model), tables => new()
        {
            FormatVersion = ArchiveManifest.CurrentFormat,
            Schema = StateSchema.Current,
            DriftGuardVersion = Version,
            TakenAt = takenAt,
            Source = database.Name,
            Machine = Environment.MachineName,
            LeaseEpoch = epoch,
            OutboxSequence = sequence,
            Tables = tables,
        }, cancellation);
    }

    // Digests of API keys and texts of documents are in it: for its owner alone.
    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new(path, options);
    }
}
