using DriftGuard.Cli.Shell;
using DriftGuard.Core.Rollouts;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary>Where a command stops following a rollout, and what that means to the one who started it.</summary>
internal static class RolloutRest
{
    /// <summary>It has ended, soaks, or waits for a person.</summary>
    public static bool IsAt(RolloutPhase phase, RolloutAction action, bool throughSoak) =>
        phase.IsEnd()
        || (action == RolloutAction.Wait && phase is RolloutPhase.Paused or RolloutPhase.AwaitingApproval)
        || (phase == RolloutPhase.Soaking && !throughSoak);

    /// <summary>The same, from what another process recorded about it.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="throughSoak">A soak is no rest.</param>
    /// <param name="request">Sequence of a request that must have been seen; 0 if there is none.</param>
    public static bool IsReached(Core.Rollouts.Rollout rollout, bool throughSoak, long request) =>
        (rollout.RequestsSeen >= request || IsOver(rollout))
        && (rollout.Phase.IsEnd() || !IsOnItsWayOut(rollout))
        && IsAt(rollout.Phase, RolloutAction.Wait, throughSoak);

    /// <summary>The exit code of where a rollout rests.</summary>
    public static ExitCode CodeOf(Core.Rollouts.Rollout rollout, RolloutPhase? wished) => rollout.Phase switch
    {
        var phase when wished is not null => phase == wished ? ExitCode.Success : ExitCode.Conflict,
        RolloutPhase.Completed or RolloutPhase.Soaking => ExitCode.Success,
        RolloutPhase.AwaitingApproval => ExitCode.Inconclusive,
        RolloutPhase.Paused when rollout.Reason is RolloutReason.GateInconclusive or RolloutReason.PauseRequested => ExitCode.Inconclusive,
        RolloutPhase.Paused when rollout.Reason is RolloutReason.GateBlocked or RolloutReason.BudgetSpent => ExitCode.Refused,
        RolloutPhase.Failed when rollout.Reason is RolloutReason.GateRefused or RolloutReason.PreflightRefused => ExitCode.Refused,
        RolloutPhase.RolledBack => ExitCode.Refused,
        _ => ExitCode.Conflict,
    };

    /// <summary>Nobody looks at it any more, so a request that came too late is never seen.</summary>
    private static bool IsOver(Core.Rollouts.Rollout rollout) =>
        rollout.EndedAt is not null && (rollout.Phase is RolloutPhase.Aborted or RolloutPhase.Failed || rollout.RetiredAt is not null);

    /// <summary>Its collection is being removed, and it keeps its phase until that is done.</summary>
    private static bool IsOnItsWayOut(Core.Rollouts.Rollout rollout) =>
        rollout.Reason == RolloutReason.AbortRequested || (rollout.Failure is { } failure && rollout.Reason == failure.Reason);
}
