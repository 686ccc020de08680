using DriftGuard.Core.Rollouts;
using DriftGuard.Operator.Resources;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Rollouts;
using Installed = DriftGuard.Core.Rollouts.Rollout;
using Rollout = DriftGuard.Operator.Resources.Rollout;

namespace DriftGuard.Operator.Reconciling;

/// <summary>What was seen of a rollout, in the cluster and in the installation.</summary>
/// <param name="Resource">What is declared.</param>
internal sealed record RolloutSeen(Rollout Resource)
{
    /// <summary>The EmbeddingIndex that it belongs to; null where there is none.</summary>
    public EmbeddingIndex? Index { get; init; }

    /// <summary>The rollout in the installation; null where there is none.</summary>
    public RolloutView? Installed { get; init; }

    /// <summary>Whether a later rollout of the index was started in the installation.</summary>
    public bool IsFollowed { get; init; }

    /// <summary>Another rollout of the index that has not ended; null where there is none.</summary>
    public Installed? Other { get; init; }

    /// <summary>Why the installation could not be asked; null where it was.</summary>
    public string? Unreachable { get; init; }
}

/// <summary>Decides what a rollout needs: to be started, or asked for what is desired of it. A pure function of what was seen and of the time.</summary>
internal static partial class RolloutDecider
{
    /// <summary>Whether a rollout of the installation is the one that a resource stands for.</summary>
    public static bool IsThe(Rollout resource, Installed rollout) =>
        resource.FoundId is { } found ? rollout.Id == found : rollout.Reference is { } reference ? reference == resource.Metadata.Uid : rollout.Id == resource.Status.Id;

    public static Decision<RolloutStatus> Decide(RolloutSeen seen, DateTimeOffset now)
    {
        var resource = seen.Resource;
        if (resource.IsDeleted)
        {
            return new(resource.Status, [], Pace.Settled);
        }

        if (seen.Unreachable is { } why)
        {
            var said = resource.Status.Conditions.Count > 0 ? resource.Status.Conditions : resource.Said(now).IsReconciling(Reasons.Unreachable, why).ToList();
            return new(resource.Status with { Conditions = said }, [], Pace.UnderWay);
        }

        var status = resource.Status with { ObservedGeneration = resource.Generation };
        return seen.Installed is { } installed ? Steer(seen, Observed(status, installed), installed.Rollout, now) : NotStarted(seen, status, now);
    }

    private static Decision<RolloutStatus> NotStarted(RolloutSeen seen, RolloutStatus status, DateTimeOffset now)
    {
        var (resource, spec) = (seen.Resource, seen.Resource.Spec);
        return seen switch
        {
            { Index: null } => Stalled(resource, status, now, Reasons.IndexNotFound, $"there is no EmbeddingIndex '{spec.IndexRef.Name}'"),
            _ when (spec.Id ?? resource.Status.Id) is { } gone => Stalled(resource, status, now, Reasons.Gone, $"the installation has no rollout {gone} any more"),
            _ when !IsDeclared(seen) && spec.IndexGeneration < seen.Index!.Status.Target?.Generation =>
                Rests(status with { CompletionTime = status.CompletionTime ?? now }, resource.Said(now).IsReady(Reasons.Superseded, "another model was declared before it was started"), Pace.Settled),
            _ when !IsDeclared(seen) => Stalled(
                resource, status, now, Reasons.NotDeclared,
                $"EmbeddingIndex '{spec.IndexRef.Name}' does not declare this change (any more): change its spec.modelRef, and a Rollout is made for it"),
            _ when spec.Desired is DesiredRollout.Aborted or DesiredRollout.RolledBack =>
                Rests(status with { CompletionTime = status.CompletionTime ?? now }, resource.Said(now).IsReady(Reasons.Aborted, "it was not started"), Pace.Settled),
            { Index.Spec.Suspend: true } => Waits(resource, status, now, Reasons.Waiting, $"EmbeddingIndex '{spec.IndexRef.Name}' is suspended"),
            _ when spec.Desired is DesiredRollout.Paused => Waits(resource, status, now, nameof(DesiredRollout.Paused), "it is not started while it is to be paused"),
            { Other: { } other } => Waits(resource, status, now, Reasons.Waiting, $"rollout {other.Id} to {other.ToModel} has to end first ({other.Phase})"),
            _ => Wish(resource, status, now, new OperatorAction.StartRollout(seen.Index!.IndexName, RequestOf(resource)), Reasons.Starting, $"a rollout to {spec.Model} is started"),
        };
    }

    /// <summary>Whether it is the change that its index declares now.</summary>
    private static bool IsDeclared(RolloutSeen seen) => seen.Index?.Status.Target is { } target
        && target.Model == seen.Resource.Spec.Model && target.Fingerprint == seen.Resource.Spec.Fingerprint && target.Generation == seen.Resource.Spec.IndexGeneration;

    private static StartRequest RequestOf(Rollout resource)
    {
        var spec = resource.Spec;
        var automatic = spec.Approval == Approval.Automatic;
        return new(
            spec.Model, Preflight: spec.Preflight, Approved: automatic, OverBudget: spec.OverBudget, RequireApproval: !automatic,
            Reason: spec.Reason ?? $"Rollout {resource.Metadata.NamespaceProperty}/{resource.Metadata.Name}", Reference: resource.Metadata.Uid);
    }

    private static RolloutStatus Observed(RolloutStatus status, RolloutView view)
    {
        var rollout = view.Rollout;
        return status with
        {
            Id = rollout.Id,
            From = rollout.FromModel,
            Phase = rollout.Phase.ToString(),
            PhaseReason = rollout.Reason,
            Message = rollout.Message,
            Progress = rollout.PartitionsPlanned == 0 ? null : new()
            {
                Partitions = rollout.PartitionsPlanned,
                PartitionsDone = view.PartitionsDone,
                PointsCopied = view.Copied,
            },
            Gate =
            [
                .. (view.Evaluation?.Gate?.Rows ?? []).Select(row => new GateStatus
                {
                    Condition = row.Condition,
                    Verdict = row.Verdict.ToString(),
                    Reason = row.Reason,
                    Message = row.Message,
                }),
            ],
            Guarantee = rollout.Guarantee?.Message,
            StartedBy = rollout.StartedBy,
            StartTime = Pace.WholeSeconds(rollout.CreatedAt),
            CompletionTime = rollout.EndedAt is { } end ? Pace.WholeSeconds(end) : null,
        };
    }

    private static ConditionList WithApproval(this ConditionList conditions, RolloutStatus status) =>
        status.Phase == nameof(RolloutPhase.AwaitingApproval)
            ? conditions.Say(Condition.AwaitingApproval, ConditionStatus.True, Reasons.AwaitingApproval, status.Message ?? "")
            : conditions.Say(Condition.AwaitingApproval, ConditionStatus.False, Reasons.Of(status.PhaseReason ?? "NotStarted"), "");

    private static Decision<RolloutStatus> Stalled(Rollout resource, RolloutStatus status, DateTimeOffset now, string reason, string message) =>
        Rests(status, resource.Said(now).IsStalled(reason, message), Pace.Settled / 2);

    private static Decision<RolloutStatus> Waits(Rollout resource, RolloutStatus status, DateTimeOffset now, string reason, string message) =>
        Rests(status, resource.Said(now).IsReconciling(reason, message), Pace.UnderWay);

    private static Decision<RolloutStatus> Rests(RolloutStatus status, ConditionList conditions, TimeSpan again) =>
        new(status with { Refusal = null, Conditions = conditions.WithApproval(status).ToList() }, [], again);

    private static Decision<RolloutStatus> Wish(Rollout resource, RolloutStatus status, DateTimeOffset now, OperatorAction action, string reason, string message, string more = "") =>
        Wishes.Decide(
            status, action, resource.Metadata.Uid, resource.Generation, now,
            refused => (refused is null ? resource.Said(now).IsReconciling(reason, message) : resource.Said(now).IsStalled(Reasons.Refused, refused)).WithApproval(status).ToList(), more);
}
