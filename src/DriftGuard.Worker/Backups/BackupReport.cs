using DriftGuard.State.Archives;

namespace DriftGuard.Worker.Backups;

/// <summary>A backup of the state that was taken, or read from its beginning to its end.</summary>
/// <param name="File">The file.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Manifest">What it says of itself.</param>
public sealed record BackupReport(string File, long Bytes, ArchiveManifest Manifest);

/// <summary>What came of restoring a backup.</summary>
/// <param name="Backup">The backup.</param>
/// <param name="Restored">False where it was rehearsed, and everything is as before.</param>
/// <param name="State">The state; holds no secret.</param>
/// <param name="Kept">The backup of what was there before; null where nothing was.</param>
/// <param name="LeaseEpoch">Lease epochs go on above this one.</param>
/// <param name="Rollouts">The rollouts that have not come to their end.</param>
/// <param name="Missing">Indexes that have no alias in Qdrant.</param>
public sealed record RestoreReport(
    BackupReport Backup, bool Restored, string State, string? Kept, long LeaseEpoch, IReadOnlyList<RestoredRollout> Rollouts, IReadOnlyList<string> Missing);

/// <summary>A rollout that goes on from a backup.</summary>
/// <param name="Id">The rollout.</param>
/// <param name="Phase">Its phase at the time of the backup.</param>
/// <param name="Outlook">What becomes of it, for people.</param>
public sealed record RestoredRollout(string Id, Core.Rollouts.RolloutPhase Phase, string Outlook);
