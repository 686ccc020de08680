namespace DriftGuard.Core.Rollouts;

/// <summary>Reasons for a phase. They are part of the interface: reports, events and metrics show the same words.</summary>
public static class RolloutReason
{
    /// <summary>Recorded and not begun.</summary>
    public const string Planned = "planned";

    /// <summary>Going on as it should.</summary>
    public const string Progressing = "progressing";

    /// <summary>Held by request.</summary>
    public const string PauseRequested = "pause_requested";

    /// <summary>Ended by request.</summary>
    public const string AbortRequested = "abort_requested";

    /// <summary>The spending cap is reached and there is something left to copy.</summary>
    public const string BudgetSpent = "budget_spent";

    /// <summary>Switched back by request.</summary>
    public const string RollbackRequested = "rollback_requested";

    /// <summary>Switched back because the soak found a breach.</summary>
    public const string SoakBreach = "soak_breach";

    /// <summary>Switching back was asked for, and the old collection is gone.</summary>
    public const string RollbackImpossible = "rollback_impossible";

    /// <summary>The preflight refused the candidate.</summary>
    public const string PreflightRefused = "preflight_refused";

    /// <summary>The gate refused the candidate.</summary>
    public const string GateRefused = "gate_refused";

    /// <summary>A condition of the gate fails that can be mended.</summary>
    public const string GateBlocked = "gate_blocked";

    /// <summary>The gate cannot tell; it says what is missing.</summary>
    public const string GateInconclusive = "gate_inconclusive";

    /// <summary>The gate passed; a person must agree.</summary>
    public const string ApprovalRequired = "approval_required";

    /// <summary>The optimiser is still at work on green.</summary>
    public const string IndexBuilding = "index_building";

    /// <summary>The collection that serves is gone.</summary>
    public const string BlueMissing = "blue_missing";

    /// <summary>The shadow collection is gone.</summary>
    public const string GreenMissing = "green_missing";

    /// <summary>The shadow collection is to be removed, and an alias points to it.</summary>
    public const string GreenReferenced = "green_referenced";

    /// <summary>No epoch token was found.</summary>
    public const string TokenMissing = "token_missing";

    /// <summary>The alias and the token point to different collections: somebody re-pointed one by hand.</summary>
    public const string AliasMovedByHand = "alias_moved_by_hand";

    /// <summary>Another switch of the same index has won.</summary>
    public const string Superseded = "superseded";

    /// <summary>The state was restored from a backup, and a switch that was made after it is taken over from what Qdrant says.</summary>
    public const string StateRestored = "state_restored";

    /// <summary>The new collection serves by a switch that is not on record.</summary>
    public const string SwitchNotOnRecord = "switch_not_on_record";

    /// <summary>The outcome of a switch is not known yet.</summary>
    public const string SwitchUnsettled = "switch_unsettled";

    /// <summary>Under the fence no pass found nothing in the time that writes may be held.</summary>
    public const string FenceTooLong = "fence_too_long";

    /// <summary>A write whose answer never came may still be applied, and the final pass must come after it.</summary>
    public const string LateWrites = "late_writes";

    /// <summary>Nothing held writes: what was still written to the old side around the switch is carried over first.</summary>
    public const string MergingLateWrites = "merging_late_writes";

    /// <summary>Green serves and is watched.</summary>
    public const string Watching = "watching";

    /// <summary>Ended; the other collection is kept until its retention ends.</summary>
    public const string Retaining = "retaining";

    /// <summary>Ended, nothing left to do.</summary>
    public const string Done = "done";
}
