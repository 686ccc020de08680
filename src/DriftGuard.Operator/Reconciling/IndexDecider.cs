using DriftGuard.Core.Rollouts;
using DriftGuard.Operator.Resources;
using DriftGuard.Worker.Api;

namespace DriftGuard.Operator.Reconciling;

/// <summary>Decides what an index needs: to be made, another calibration set, a rollout. A pure function of what was seen and of the time.</summary>
internal static partial class IndexDecider
{
    public static Decision<EmbeddingIndexStatus> Decide(IndexSeen seen, DateTimeOffset now)
    {
        var resource = seen.Resource;
        if (resource.IsDeleted)
        {
            return Deleted(seen, now);
        }

        if (resource.Spec.Suspend)
        {
            return new(resource.Status, [], Pace.Settled);
        }

        if (resource.Metadata.Finalizers?.Contains(EmbeddingIndex.Finalizer) != true)
        {
            return new(resource.Status, [new OperatorAction.HoldFinalizer()], Pace.AtOnce);
        }

        if (seen.Unreachable is { } why)
        {
            // What was last seen stays said: an index serves also while nobody can be asked.
            var said = resource.Status.ObservedGeneration == resource.Generation && resource.Status.Conditions.Count > 0 ? resource.Status.Conditions
                : resource.Said(now).IsReconciling(Reasons.Unreachable, why).ToList();
            return new(resource.Status with { Conditions = said }, [], Pace.UnderWay);
        }

        var status = Observed(seen);
        return seen switch
        {
            { ClaimedBy: { } other } => Stalled(seen, status, now, Reasons.IndexClaimed, $"index '{resource.IndexName}' is declared by {other} already"),
            _ when ModelProblem(seen) is ({ } reason, { } message, var waits) => waits ? Waiting(seen, status, now, reason, message) : Stalled(seen, status, now, reason, message),
            _ when SetProblem(seen) is ({ } reason, { } message, var waits) => waits ? Waiting(seen, status, now, reason, message) : Stalled(seen, status, now, reason, message),
            { Index: null } => Wish(seen, status, now, new OperatorAction.CreateIndex(CreationOf(seen)), Reasons.Creating, $"index '{resource.IndexName}' is made under {seen.Model!.ModelName}"),
            { Index.Problem: { } problem } => Stalled(seen, status, now, Reasons.IndexBroken, problem),
            _ when TargetOf(seen, status) is var target && target != status.Target => new(status with { Target = target, Conditions = resource.Status.Conditions }, [], Pace.AtOnce),
            _ when seen.Set is { } set && set.SetName != seen.Index!.CalibrationSet => OtherSet(seen, status, set, now),
            _ => InSync(seen, status, now),
        };
    }

    private static EmbeddingIndexStatus Observed(IndexSeen seen) => seen.Resource.Status with
    {
        ObservedGeneration = seen.Resource.Generation,
        Index = seen.Resource.IndexName,
        Model = seen.Index?.Model,
        Fingerprint = seen.Index?.Fingerprint,
        Collection = seen.Index?.Collection,
        Epoch = seen.Index?.Epoch,
        Points = (long?)seen.Index?.Points,
        CalibrationSet = seen.Index?.CalibrationSet,
        Rollout = (seen.Open ?? (seen.Rollouts.Count > 0 ? seen.Rollouts[^1] : null)) is { } rollout ? seen.DeclarationOf(rollout)?.Metadata.Name ?? seen.Resource.Status.Rollout : null,
    };

    /// <summary>The model that is declared; the generation that first did stays with it, and whether it has served since.</summary>
    private static IndexTarget TargetOf(IndexSeen seen, EmbeddingIndexStatus status)
    {
        var (name, fingerprint) = (seen.Model!.ModelName, seen.Model.Status.Fingerprint!);
        var serves = seen.Index!.Fingerprint == fingerprint;
        // The files behind a name were exchanged: that is no change that somebody declared, unless they say that it is to be followed.
        return status.Target is { } known && known.Model == name
            ? known.Fingerprint == fingerprint || seen.Resource.Spec.OnDivergence == OnDivergence.Report
                ? known with { Reached = known.Reached || (serves && known.Fingerprint == fingerprint) }
                : new() { Model = name, Fingerprint = fingerprint, Generation = seen.Resource.Generation, Reached = serves }
            : new() { Model = name, Fingerprint = fingerprint, Generation = seen.Resource.Generation, Reached = serves };
    }

    private static (string? Reason, string? Message, bool Waits) ModelProblem(IndexSeen seen)
    {
        var name = seen.Resource.Spec.ModelRef.Name;
        return seen.Model switch
        {
            null => (Reasons.ModelNotFound, $"there is no EmbeddingModel '{name}'", true),
            { Status.Conditions: var conditions } model when conditions.FirstOrDefault(condition => condition.Type == Condition.Stalled) is { Status: ConditionStatus.True } stalled
                && model.Status.ObservedGeneration == model.Generation => (stalled.Reason, $"EmbeddingModel '{name}': {stalled.Message}", false),
            { Status.Fingerprint: null } => (Reasons.ModelNotReady, $"EmbeddingModel '{name}' has not been looked at", true),
            { } model when model.Status.ObservedGeneration != model.Generation => (Reasons.ModelNotReady, $"EmbeddingModel '{name}' is being looked at", true),
            _ => default,
        };
    }

    private static (string? Reason, string? Message, bool Waits) SetProblem(IndexSeen seen) => (seen.Resource.Spec.CalibrationSetRef, seen.Set) switch
    {
        (null, _) => default,
        ({ Name: var name }, null) => (Reasons.SetNotFound, $"there is no CalibrationSet '{name}'", true),
        ({ Name: var name }, { Status.Conditions: var conditions }) when conditions.FirstOrDefault(condition => condition.Type == Condition.Stalled) is { Status: ConditionStatus.True } stalled =>
            (stalled.Reason, $"CalibrationSet '{name}': {stalled.Message}", false),
        _ => default,
    };

    private static CreateIndexRequest CreationOf(IndexSeen seen)
    {
        var spec = seen.Resource.Spec;
        return new(
            seen.Resource.IndexName, seen.Model!.ModelName, spec.Adopt?.Collection, spec.Text?.Field, spec.Text?.Template, spec.Text?.Vector, seen.Set?.SetName,
            $"EmbeddingIndex {seen.Resource.Metadata.NamespaceProperty}/{seen.Resource.Metadata.Name}");
    }

    /// <summary>Another set than the resource says: a change of the resource, or one past it.</summary>
    private static Decision<EmbeddingIndexStatus> OtherSet(IndexSeen seen, EmbeddingIndexStatus status, CalibrationSet set, DateTimeOffset now)
    {
        var past = seen.Resource.Status.ObservedGeneration == seen.Resource.Generation && seen.Resource.Status.CalibrationSet == set.SetName
            || seen.Resource.Status.Conditions.Any(condition => condition is { Type: Condition.Ready, Reason: Reasons.Diverged } && condition.ObservedGeneration == seen.Resource.Generation);
        var message = $"rollouts of '{seen.Resource.IndexName}' are decided by '{seen.Index!.CalibrationSet}', and '{set.SetName}' is declared";
        return past && seen.Resource.Spec.OnDivergence == OnDivergence.Report
            ? Stalled(seen, status, now, Reasons.Diverged, message)
            : Wish(seen, status, now, new OperatorAction.SetCalibrationSet(seen.Resource.IndexName, set.SetName), past ? Reasons.Repairing : Reasons.SettingCalibrationSet, message);
    }

    private static Decision<EmbeddingIndexStatus> Deleted(IndexSeen seen, DateTimeOffset now)
    {
        var resource = seen.Resource;
        if (resource.Metadata.Finalizers?.Contains(EmbeddingIndex.Finalizer) != true)
        {
            return new(resource.Status, [], Pace.Settled);
        }

        if (resource.Spec.DeletionPolicy == DeletionPolicy.Retain || seen.ClaimedBy is not null)
        {
            return new(resource.Status, [new OperatorAction.ReleaseFinalizer()], Pace.Settled);
        }

        if (seen.Unreachable is { } why)
        {
            return new(resource.Status with { Conditions = resource.Said(now).IsReconciling(Reasons.Unreachable, why).ToList() }, [], Pace.UnderWay);
        }

        var status = Observed(seen);
        const string message = "its collections are deleted, as its deletionPolicy says";
        return seen switch
        {
            { Index: null } => new(status, [new OperatorAction.ReleaseFinalizer()], Pace.Settled),
            { Open: { Phase: RolloutPhase.Soaking } open } => Wish(seen, status, now, new OperatorAction.AskRollout(open.Id, RequestKind.Promote, message), Reasons.Deleting, message),
            { Open: { Serving: Side.Blue } open } when open.Phase is not (RolloutPhase.CuttingOver or RolloutPhase.RollingBack) =>
                Wish(seen, status, now, new OperatorAction.AskRollout(open.Id, RequestKind.Abort, message), Reasons.Deleting, message),
            { Open: not null } => Waiting(seen, status, now, Reasons.Deleting, $"{message}, once rollout {seen.Open!.Id} has ended"),
            _ => Wish(seen, status, now, new OperatorAction.DeleteIndex(resource.IndexName), Reasons.Deleting, message),
        };
    }

    private static ConditionList WithModel(this ConditionList conditions, IndexSeen seen, EmbeddingIndexStatus status)
    {
        var declared = seen.Model?.Status.Fingerprint ?? status.Target?.Fingerprint;
        return (seen.Index, declared) switch
        {
            ({ Fingerprint: { } serves } index, { } fingerprint) => serves == fingerprint
                ? conditions.Say(Condition.ModelInSync, ConditionStatus.True, Reasons.InSync, $"{index.Model} serves from {index.Collection}")
                : conditions.Say(Condition.ModelInSync, ConditionStatus.False, Reasons.ModelChanged, $"{index.Model} serves, and {seen.Model?.ModelName ?? status.Target!.Model} is declared"),
            _ => conditions.Say(Condition.ModelInSync, ConditionStatus.Unknown, Reasons.IndexNotReady, "which model serves cannot be told yet"),
        };
    }

    private static Decision<EmbeddingIndexStatus> Stalled(IndexSeen seen, EmbeddingIndexStatus status, DateTimeOffset now, string reason, string message) =>
        Rests(status, seen.Resource.Said(now).IsStalled(reason, message).WithModel(seen, status), Pace.Settled / 2);

    private static Decision<EmbeddingIndexStatus> Waiting(IndexSeen seen, EmbeddingIndexStatus status, DateTimeOffset now, string reason, string message) =>
        Rests(status, seen.Resource.Said(now).IsReconciling(reason, message).WithModel(seen, status), Pace.UnderWay);

    private static Decision<EmbeddingIndexStatus> Ready(IndexSeen seen, EmbeddingIndexStatus status, DateTimeOffset now, string reason, string message, TimeSpan again) =>
        Rests(status, seen.Resource.Said(now).IsReady(reason, message).WithModel(seen, status), again);

    /// <summary>Nothing is wished: what was refused before is not any more.</summary>
    private static Decision<EmbeddingIndexStatus> Rests(EmbeddingIndexStatus status, ConditionList conditions, TimeSpan again) =>
        new(status with { Refusal = null, Conditions = conditions.ToList() }, [], again);

    private static Decision<EmbeddingIndexStatus> Wish(
        IndexSeen seen, EmbeddingIndexStatus status, DateTimeOffset now, OperatorAction action, string reason, string message, string more = "") =>
        Wishes.Decide(
            status, action, seen.Resource.Metadata.Uid, seen.Resource.Generation, now,
            refused => (refused is null ? seen.Resource.Said(now).IsReconciling(reason, message) : seen.Resource.Said(now).IsStalled(Reasons.Refused, refused)).WithModel(seen, status).ToList(),
            more);
}
