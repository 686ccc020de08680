using System.Globalization;
using DriftGuard.Core.Rollouts;
using DriftGuard.Operator.Resources;
using Installed = DriftGuard.Core.Rollouts.Rollout;
using Rollout = DriftGuard.Operator.Resources.Rollout;

namespace DriftGuard.Operator.Reconciling;

/// <summary>What is asked of a rollout that was started.</summary>
internal static partial class RolloutDecider
{
    private static Decision<RolloutStatus> Steer(RolloutSeen seen, RolloutStatus status, Installed rollout, DateTimeOffset now)
    {
        var (resource, spec) = (seen.Resource, seen.Resource.Spec);
        if (WishOf(seen, rollout) is { } kind)
        {
            // A gate that was evaluated again, or a request that was taken up meanwhile, makes it another act.
            var more = string.Create(CultureInfo.InvariantCulture, $"{rollout.Id} {rollout.RequestsSeen} {rollout.Gate?.EvaluationId}");
            return Wish(resource, status, now, new OperatorAction.AskRollout(rollout.Id, kind, spec.Reason), Reasons.Of(rollout.Phase.ToString()), $"{kind} is asked for: {rollout.Message}", more);
        }

        if (rollout.EndedAt is not null)
        {
            return Over(seen, status, rollout, now);
        }

        var message = rollout.Message;
        return rollout switch
        {
            { Serving: Side.Green, Phase: RolloutPhase.Soaking } when spec.Desired == DesiredRollout.Aborted =>
                Stalled(resource, status, now, Reasons.AfterCutover, "it has cut over and cannot be aborted: set desired to RolledBack, or to Promoted"),
            { Phase: RolloutPhase.Paused, Reason: RolloutReason.PauseRequested } when spec.Desired != DesiredRollout.Paused =>
                Stalled(resource, status, now, Reasons.Diverged, $"it was paused past the resource: {message}. Set desired to Paused and back to Running to go on, or resume it where it was paused"),
            { Phase: RolloutPhase.Paused } when spec.Desired != DesiredRollout.Paused =>
                Stalled(resource, status, now, Reasons.Of(rollout.Reason), $"{message}. Once that is mended, set desired to Paused and back to Running to go on"),
            { Phase: RolloutPhase.AwaitingApproval } => Waits(resource, status, now, Reasons.AwaitingApproval,
                $"{message}. To approve: kubectl -n {resource.Metadata.NamespaceProperty} patch rollouts.driftguard.dev {resource.Metadata.Name} --type merge -p '{{\"spec\":{{\"approved\":true}}}}'"),
            _ => Waits(resource, status, now, Reasons.Of(rollout.Phase.ToString()), message),
        };
    }

    /// <summary>What is to be asked so that what is desired comes about; null for nothing.</summary>
    private static RequestKind? WishOf(RolloutSeen seen, Installed rollout)
    {
        var (resource, spec) = (seen.Resource, seen.Resource.Spec);
        var last = resource.Status.LastRequest;
        var repairs = seen.Index is { Spec.OnDivergence: OnDivergence.Repair };
        var (ended, cutOver, paused) = (rollout.EndedAt is not null, rollout.Serving == Side.Green, rollout.Phase == RolloutPhase.Paused);
        return spec.Desired switch
        {
            DesiredRollout.RolledBack when cutOver && rollout.Phase is not (RolloutPhase.RollingBack or RolloutPhase.RolledBack) && rollout is { RetiredAt: null, Retiring: false } => RequestKind.Rollback,
            _ when ended => null,
            DesiredRollout.Aborted or DesiredRollout.RolledBack when !cutOver && rollout.Phase != RolloutPhase.CuttingOver => RequestKind.Abort,
            DesiredRollout.Aborted or DesiredRollout.RolledBack => null,
            DesiredRollout.Paused when cutOver || paused => null,
            DesiredRollout.Paused => WasAsked(last, RequestKind.Pause, resource) && rollout.Reason != RolloutReason.PauseRequested && !repairs ? null : RequestKind.Pause,
            // What this resource held goes on when it says so; what somebody else held is theirs, unless it is to be repaired.
            _ when paused && last?.Kind == nameof(RequestKind.Pause) && last.Generation < resource.Generation => RequestKind.Resume,
            _ when paused && rollout.Reason == RolloutReason.PauseRequested && repairs && last?.Kind != nameof(RequestKind.Pause) => RequestKind.Resume,
            _ when rollout.Phase == RolloutPhase.AwaitingApproval && spec.Approved => RequestKind.Approve,
            DesiredRollout.Promoted when rollout.Phase == RolloutPhase.Soaking => RequestKind.Promote,
            _ => null,
        };
    }

    private static bool WasAsked(LastRequest? last, RequestKind kind, Rollout resource) => last?.Kind == kind.ToString() && last.Generation == resource.Generation;

    /// <summary>How it ended is a person's matter only as long as it is what its index waits for.</summary>
    private static Decision<RolloutStatus> Over(RolloutSeen seen, RolloutStatus status, Installed rollout, DateTimeOffset now)
    {
        var resource = seen.Resource;
        var reason = Reasons.Of(rollout.Phase.ToString());
        var wanted = rollout.Phase switch
        {
            RolloutPhase.Completed => resource.Spec.Desired is not DesiredRollout.RolledBack,
            RolloutPhase.Aborted => resource.Spec.Desired is DesiredRollout.Aborted or DesiredRollout.RolledBack,
            RolloutPhase.RolledBack => resource.Spec.Desired is DesiredRollout.RolledBack,
            _ => false,
        };
        return wanted || seen.IsFollowed || !IsDeclared(seen) ? Rests(status, resource.Said(now).IsReady(reason, rollout.Message), Pace.Settled) : Stalled(resource, status, now, reason, $"{Reasons.Of(rollout.Reason)}: {rollout.Message}");
    }
}
