using DriftGuard.Operator.Resources;

namespace DriftGuard.Operator.Reconciling;

/// <summary>Something that happened to a resource, for <c>kubectl describe</c>.</summary>
/// <param name="IsWarning">A person should look.</param>
/// <param name="Reason">What, as a word that does not change.</param>
/// <param name="Note">The same for people.</param>
internal readonly record struct ResourceEvent(bool IsWarning, string Reason, string Note);

/// <summary>Tells what happened between two statuses of a resource: one event for each reason that is new.</summary>
internal static class Story
{
    private static readonly HashSet<string> Warnings = new(StringComparer.Ordinal)
    {
        Condition.Stalled,
    };

    /// <summary>What happened.</summary>
    public static IReadOnlyList<ResourceEvent> Between(ResourceStatus before, ResourceStatus after)
    {
        var events = new List<ResourceEvent>();
        foreach (var condition in after.Conditions.Where(condition => condition.Message.Length > 0 && condition.Type is not Condition.ModelInSync))
        {
            var known = before.Conditions.FirstOrDefault(other => other.Type == condition.Type);
            var isWarning = (Warnings.Contains(condition.Type) && condition.Status == ConditionStatus.True) || (condition.Type == Condition.Healthy && condition.Status == ConditionStatus.False);
            if ((known is null || known.Reason != condition.Reason || known.Status != condition.Status) && !events.Exists(told => told.Reason == condition.Reason))
            {
                events.Add(new(isWarning || Stalls(after, condition), condition.Reason, condition.Message));
            }
        }

        return events;
    }

    /// <summary>An event that goes with an action; null where the conditions say it.</summary>
    public static ResourceEvent? Of(OperatorAction action) => action switch
    {
        OperatorAction.DeclareRollout { Rollout: { FoundId: { } id } found } => new(true, "RolloutFound", $"Rollout {found.Metadata.Name} stands for {id}, which was started past the resources"),
        OperatorAction.DeclareRollout { Rollout: var made } => new(false, "RolloutCreated", $"Rollout {made.Metadata.Name} to {made.Spec.Model} was made"),
        OperatorAction.CreateIndex { Request: var request } => new(false, "IndexCreated",
            request.Collection is { } collection ? $"collection {collection} is index '{request.Name}' now, under {request.Model}" : $"index '{request.Name}' was made under {request.Model}"),
        OperatorAction.SetCalibrationSet { Set: var set } => new(false, "CalibrationSetChanged", $"rollouts are decided by '{set}' from now on"),
        OperatorAction.DeleteIndex { Index: var index } => new(true, "IndexDeleted", $"index '{index}' was forgotten, and its collections were deleted, as its deletionPolicy says"),
        OperatorAction.StartRollout { Request: var request } => new(false, "Started", $"a rollout to {request.To} was started"),
        OperatorAction.AskRollout { Kind: var kind, Id: var id } => new(false, $"{kind}Requested", $"{id} was asked: {kind}"),
        _ => null,
    };

    // Of a resource that stands, the reason why is in several conditions: it is told once, as a warning.
    private static bool Stalls(ResourceStatus status, Condition condition) =>
        condition.Type == Condition.Ready && status.Conditions.Any(other => other is { Type: Condition.Stalled, Status: ConditionStatus.True } && other.Reason == condition.Reason);
}
