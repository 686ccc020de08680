namespace DriftGuard.Core.Rollouts;

/// <summary>Where a rollout stands. Derived from what is observed, never trusted from a row.</summary>
public enum RolloutPhase
{
    /// <summary>Recorded, nothing done yet.</summary>
    Planned,

    /// <summary>A sub-corpus is scored under both models; a hopeless candidate ends here.</summary>
    Preflight,

    /// <summary>The shadow collection is created.</summary>
    Provisioning,

    /// <summary>Partitions of the corpus are embedded into the shadow collection.</summary>
    Copying,

    /// <summary>Passes carry over what was written to blue meanwhile.</summary>
    CatchingUp,

    /// <summary>The approximate index of green is being built.</summary>
    Indexing,

    /// <summary>The gate is evaluated.</summary>
    Evaluating,

    /// <summary>The gate passed and a person must agree.</summary>
    AwaitingApproval,

    /// <summary>Final passes, then the one alias switch.</summary>
    CuttingOver,

    /// <summary>Green serves; it is watched, and blue is kept for the way back.</summary>
    Soaking,

    /// <summary>Green serves for good.</summary>
    Completed,

    /// <summary>Held by a request, or because something must be decided by a person.</summary>
    Paused,

    /// <summary>The index is being switched back to blue.</summary>
    RollingBack,

    /// <summary>Blue serves again.</summary>
    RolledBack,

    /// <summary>Ended by request before cutover; the shadow collection is gone.</summary>
    Aborted,

    /// <summary>Ended before cutover because the candidate was refused or the rollout cannot go on.</summary>
    Failed,
}

/// <summary>What phases mean.</summary>
public static class RolloutPhases
{
    /// <summary>The rollout has ended; at most a collection is left to be retired.</summary>
    public static bool IsEnd(this RolloutPhase phase) =>
        phase is RolloutPhase.Completed or RolloutPhase.RolledBack or RolloutPhase.Aborted or RolloutPhase.Failed;
}
