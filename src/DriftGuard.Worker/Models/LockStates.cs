using DriftGuard.Embedding;
using DriftGuard.Embedding.Pinning.Lock;

namespace DriftGuard.Worker.Models;

/// <summary>What the lock file says of a model that is there.</summary>
public enum LockState
{
    /// <summary>There is no lock file: every model may run.</summary>
    NoLockFile,

    /// <summary>It is locked.</summary>
    Locked,

    /// <summary>It is not in the lock file and comes with DriftGuard, so it may run.</summary>
    Shipped,

    /// <summary>It is not in the lock file, and so it is refused when DriftGuard runs.</summary>
    NotLocked,

    /// <summary>Another model of its name is locked.</summary>
    OtherLocked,
}

/// <summary>Compares models with the lock file.</summary>
public static class LockStates
{
    /// <summary>What the lock file says of a model; null stands for no lock file.</summary>
    public static LockState Of(ModelLock? models, ModelFolder folder) => (models, models?.Find(folder.Name)) switch
    {
        (null, _) => LockState.NoLockFile,
        (_, null) => LockedModels.IsShipped(folder) ? LockState.Shipped : LockState.NotLocked,
        (_, var locked) => locked.Fingerprint == folder.Fingerprint ? LockState.Locked : LockState.OtherLocked,
    };
}
