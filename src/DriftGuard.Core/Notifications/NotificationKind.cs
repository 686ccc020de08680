namespace DriftGuard.Core.Notifications;

/// <summary>How much a notification asks of its reader.</summary>
public enum NotificationSeverity
{
    /// <summary>Good to know.</summary>
    Info,

    /// <summary>Somebody should look, in daylight.</summary>
    Warning,

    /// <summary>Somebody should look now.</summary>
    Critical,
}

/// <summary>What people are told of. The names are the interface: configuration, messages and events show the same ones.</summary>
public enum NotificationKind
{
    /// <summary>Nothing happened: somebody tries whether messages arrive.</summary>
    Test,

    /// <summary>A check found drift of an index, and a fresh run has not agreed yet.</summary>
    DriftSuspected,

    /// <summary>A check found drift of an index, and that is certain.</summary>
    DriftConfirmed,

    /// <summary>An index holds vectors of several models.</summary>
    MixedIndex,

    /// <summary>The model of an index cannot be probed.</summary>
    ProbeFailing,

    /// <summary>Labelled queries of an index find less than at its baseline.</summary>
    QualityBelowBaseline,

    /// <summary>A scheduled check has not reported in time.</summary>
    JobMissed,

    /// <summary>Queries of an index go over a bridge, because its own model is gone.</summary>
    BridgeActive,

    /// <summary>A rollout was started.</summary>
    RolloutStarted,

    /// <summary>A rollout waits until somebody agrees to its cutover.</summary>
    WaitingForApproval,

    /// <summary>The gate or the preflight refused a rollout, or something keeps the gate from passing it.</summary>
    GateRefused,

    /// <summary>The gate of a rollout cannot tell.</summary>
    GateInconclusive,

    /// <summary>A rollout is held, by somebody or by what somebody must decide.</summary>
    RolloutPaused,

    /// <summary>A rollout does not come on.</summary>
    RolloutStuck,

    /// <summary>A rollout has spent nine tenths of what it may.</summary>
    BudgetNearlySpent,

    /// <summary>The new collection of a rollout serves.</summary>
    CutOver,

    /// <summary>The new collection was worse after the cutover, and the rollout goes back.</summary>
    SoakBreach,

    /// <summary>A rollout goes back because somebody asked for it.</summary>
    RolledBack,

    /// <summary>A rollout cannot go on, and has ended.</summary>
    RolloutFailed,

    /// <summary>A rollout was ended by somebody before its cutover.</summary>
    RolloutAborted,

    /// <summary>A rollout has ended well.</summary>
    RolloutCompleted,
}

/// <summary>What kinds mean.</summary>
public static class NotificationKinds
{
    /// <summary>How much a kind asks of its reader.</summary>
    public static NotificationSeverity SeverityOf(NotificationKind kind) => kind switch
    {
        NotificationKind.Test or NotificationKind.RolloutStarted or NotificationKind.CutOver or NotificationKind.RolloutAborted or NotificationKind.RolloutCompleted => NotificationSeverity.Info,
        NotificationKind.DriftConfirmed or NotificationKind.MixedIndex or NotificationKind.QualityBelowBaseline or NotificationKind.SoakBreach or NotificationKind.RolloutFailed => NotificationSeverity.Critical,
        _ => NotificationSeverity.Warning,
    };
}
