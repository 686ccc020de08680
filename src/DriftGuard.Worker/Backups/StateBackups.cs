using System.Globalization;
using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.State.Archives;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Installation;
using DriftGuard.Worker.Rollouts;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Backups;

/// <summary>Takes backups of the state that is configured, beside whatever uses it, and restores them where nothing does.</summary>
public sealed class StateBackups(DriftGuardOptions options, TimeProvider time, ILoggerFactory loggers)
{
    // Epochs that were given out and of which no write is seen in Qdrant: each process and each pass takes one, and nearly all of them write.
    private const long EpochsUnseen = 1_000;

    private static readonly TimeSpan LongestLook = TimeSpan.FromHours(1);

    /// <summary>Takes a backup.</summary>
    /// <param name="file">The file.</param>
    /// <param name="overwrite">Whether a file that is there is replaced.</param>
    /// <param name="cancellation">Cancels; then no file is left.</param>
    /// <exception cref="OperatorException">There is no state here, the file is there already or cannot be written.</exception>
    /// <exception cref="StateException">The state cannot be read.</exception>
    public async Task<BackupReport> TakeAsync(string file, bool overwrite, CancellationToken cancellation)
    {
        var (path, database) = (Path.GetFullPath(file), DatabaseThatExists());
        if (!overwrite && File.Exists(path))
        {
            throw new OperatorException(OperatorError.Conflict, $"{path} exists already; choose another name, or have it replaced with --force");
        }

        var manifest = await OnFileAsync(path, "written", () => StateBackup.TakeAsync(database, path, overwrite, time, cancellation));
        var report = new BackupReport(path, new FileInfo(path).Length, manifest);
        var state = await StateStore.OpenAsync(database, time, cancellation);
        await state.AddAuditAsync(null, "state_backed_up", "requested", string.Create(
            CultureInfo.InvariantCulture, $"{manifest.Rows} rows, as they were at {manifest.TakenAt:u}, are in {path} on {Environment.MachineName}"), cancellation);
        return report;
    }

    /// <summary>Reads a backup from its beginning to its end.</summary>
    /// <exception cref="OperatorException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="StateArchiveException">It is damaged.</exception>
    public static async Task<BackupReport> VerifyAsync(string file, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(file);
        return await OnFileAsync(path, "read", async () =>
        {
            using var archive = ArchiveReader.Open(path);
            await archive.VerifyAsync(cancellation);
            return new BackupReport(path, new FileInfo(path).Length, archive.Manifest);
        });
    }

    /// <summary>
    /// Restores a backup. Qdrant must answer: lease epochs go on above the highest that any point was written under, or a write from now on would be taken for a
    /// late one of an earlier process, and be ignored.
    /// </summary>
    /// <param name="file">The backup.</param>
    /// <param name="replace">Whether what the state holds is given up; a backup of it is taken first, into the folder of the file.</param>
    /// <param name="commit">Whether it is to stay; otherwise it is rehearsed, and everything is as before.</param>
    /// <param name="cancellation">Cancels; then everything is as before.</param>
    /// <exception cref="OperatorException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="StateArchiveException">It is damaged, or of a later version.</exception>
    /// <exception cref="StateConflictException">Others use the state, or it holds something and is not to be replaced.</exception>
    /// <exception cref="StateException">The state cannot be written.</exception>
    /// <exception cref="InstallationException">The data folder is in use, or cannot be used.</exception>
    /// <exception cref="QdrantException">Qdrant does not answer.</exception>
    public async Task<RestoreReport> RestoreAsync(string file, bool replace, bool commit, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(file);
        return await OnFileAsync(path, "read", async () =>
        {
            using var archive = ArchiveReader.Open(path);
            await using var endpoint = await QdrantEndpoint.OpenExclusiveAsync(options, "state restore", time, loggers, cancellation);
            using var qdrant = new QdrantStore(endpoint.Client.ForAQuestion(LongestLook), loggers.CreateLogger<QdrantStore>(), time);
            await using var restoration = await StateRestoration.BeginAsync(Database(), archive, replace, time, cancellation);
            var aliases = await qdrant.AliasesAsync(cancellation);
            var epoch = await HighestRevision.EpochAsync(qdrant, restoration.LeaseEpoch, cancellation) + EpochsUnseen;
            if (epoch > Revision.MaxEpoch)
            {
                throw new OperatorException(OperatorError.Refused, string.Create(
                    CultureInfo.InvariantCulture, $"lease epochs would go on above {epoch}, and end at {Revision.MaxEpoch}: the backup, the state or a stamp in Qdrant holds a number that no installation comes to"));
            }

            var kept = restoration.HasRows && commit ? await KeepAsync(restoration, path, cancellation) : null;
            var rollouts = await restoration.RunAsync(epoch, commit, cancellation);
            return new RestoreReport(
                new(path, new FileInfo(path).Length, archive.Manifest), commit, Database().Name, kept, epoch,
                [.. rollouts.Select(rollout => OutlookOf(rollout, aliases))],
                [.. restoration.Indexes.Where(index => aliases.TargetOf(index) is null)]);
        });
    }

    private static RestoredRollout OutlookOf(Rollout rollout, AliasTable aliases) => new(
        rollout.Id, rollout.Phase,
        RestoredState.Outlook(rollout, aliases.TargetOf(rollout.Index), IndexAliases.Tokens(rollout.Index, aliases) is [var token] ? token : null));

    private async Task<string> KeepAsync(StateRestoration restoration, string backup, CancellationToken cancellation)
    {
        var kept = Path.Join(Path.GetDirectoryName(backup), string.Create(CultureInfo.InvariantCulture, $"state-before-restore-{time.GetUtcNow():yyyyMMdd'T'HHmmssfff'Z'}.zip"));
        await OnFileAsync(kept, "written", () => restoration.KeepAsync(kept, cancellation));
        return kept;
    }

    private StateDatabase Database() => options.State.ReadConnection() is { } connection
        ? StateDatabase.Postgres(connection)
        : StateDatabase.Sqlite(DriftGuardInstallation.Open(options.DataDirectory).StateDatabase);

    private StateDatabase DatabaseThatExists() => options.State.IsShared || DriftGuardInstallation.Exists(options.DataDirectory)
        ? Database()
        : throw new OperatorException(OperatorError.NotFound, $"there is no state in {options.DataDirectory}; choose the data folder with --data");

    private static async Task<T> OnFileAsync<T>(string file, string what, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new OperatorException(OperatorError.NotFound, $"there is no file '{file}', or no such folder");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(OperatorError.Unavailable, $"{file} cannot be {what}: {error.Message}");
        }
    }
}
