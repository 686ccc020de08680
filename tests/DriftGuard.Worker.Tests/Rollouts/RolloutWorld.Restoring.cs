using DriftGuard.Worker.Backups;
using DriftGuard.Worker.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace DriftGuard.Worker.Tests.Rollouts;

/// <summary>The same installation after its state was restored from a backup; Qdrant is as it is.</summary>
internal sealed partial class RolloutWorld
{
    /// <summary>Takes a backup of the state, in use as it is.</summary>
    public async Task<string> BackUpAsync() => (await Backups().TakeAsync(Path.Join(folder, $"{Guid.NewGuid():N}.zip"), overwrite: false, Cancellation)).File;

    /// <summary>Ends the process, restores a backup, and starts a new process.</summary>
    /// <param name="backup">The backup.</param>
    /// <param name="lost">The state is gone before, and so is what it knew.</param>
    public async Task<RestoreReport> RestoreAsync(string backup, bool lost = false)
    {
        await host.StopAsync(Cancellation);
        host.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (lost)
        {
            foreach (var file in Directory.GetFiles(folder, "state.db*"))
            {
                File.Delete(file);
            }
        }

        var report = await Backups().RestoreAsync(backup, replace: !lost, commit: true, Cancellation);
        State = await OpenStateAsync();
        await StartEngineAsync();
        return report;
    }

    private StateBackups Backups() =>
        new(Options with { DataDirectory = folder, Qdrant = new QdrantSettings { Address = server.Address.OriginalString } }, Time, NullLoggerFactory.Instance);
}
