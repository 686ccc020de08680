namespace DriftGuard.Operator.Resources;

/// <summary>Whether a condition holds.</summary>
internal enum ConditionStatus
{
    /// <summary>It does.</summary>
    True,

    /// <summary>It does not.</summary>
    False,

    /// <summary>It cannot be told.</summary>
    Unknown,
}

/// <summary>A condition of a resource, by Kubernetes' conventions.</summary>
internal sealed record Condition
{
    /// <summary>Everything is as it was declared.</summary>
    public const string Ready = "Ready";

    /// <summary>It is being made so.</summary>
    public const string Reconciling = "Reconciling";

    /// <summary>It does not become so by itself: a person has to do something.</summary>
    public const string Stalled = "Stalled";

    /// <summary>Of an index: the model that was declared serves it.</summary>
    public const string ModelInSync = "ModelInSync";

    /// <summary>Of a rollout: it waits for a person's approval.</summary>
    public const string AwaitingApproval = "AwaitingApproval";

    /// <summary>Of a check: nothing has drifted.</summary>
    public const string Healthy = "Healthy";

    /// <summary>Which.</summary>
    public string Type { get; init; } = "";

    /// <summary>Whether it holds.</summary>
    public ConditionStatus Status { get; init; }

    /// <summary>Why, as a word that does not change.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The same for people.</summary>
    public string Message { get; init; } = "";

    /// <summary>Since when it holds or does not.</summary>
    public DateTimeOffset LastTransitionTime { get; init; }

    /// <summary>The generation that was looked at.</summary>
    public long ObservedGeneration { get; init; }
}

/// <summary>The conditions of a resource as they are put together anew.</summary>
/// <param name="before">Those of the last time, for when each was last another.</param>
/// <param name="generation">The generation that is looked at.</param>
/// <param name="now">The time, in whole seconds.</param>
internal sealed class ConditionList(IReadOnlyList<Condition> before, long generation, DateTimeOffset now)
{
    private const int LongestMessage = 1024;

    private readonly List<Condition> conditions = [];

    /// <summary>Says one.</summary>
    public ConditionList Say(string type, ConditionStatus status, string reason, string message)
    {
        var known = before.FirstOrDefault(condition => condition.Type == type);
        conditions.Add(new()
        {
            Type = type,
            Status = status,
            Reason = reason,
            Message = message.Length > LongestMessage ? message[..LongestMessage] : message,
            ObservedGeneration = generation,
            LastTransitionTime = known?.Status == status ? known.LastTransitionTime : now,
        });
        return this;
    }

    /// <summary>It is as it was declared.</summary>
    public ConditionList IsReady(string reason, string message) => Say(Condition.Ready, ConditionStatus.True, reason, message)
        .Say(Condition.Reconciling, ConditionStatus.False, reason, "").Say(Condition.Stalled, ConditionStatus.False, reason, "");

    /// <summary>It is on its way.</summary>
    public ConditionList IsReconciling(string reason, string message) => Say(Condition.Ready, ConditionStatus.False, reason, message)
        .Say(Condition.Reconciling, ConditionStatus.True, reason, message).Say(Condition.Stalled, ConditionStatus.False, reason, "");

    /// <summary>It does not go on by itself.</summary>
    public ConditionList IsStalled(string reason, string message) => Say(Condition.Ready, ConditionStatus.False, reason, message)
        .Say(Condition.Reconciling, ConditionStatus.False, reason, "").Say(Condition.Stalled, ConditionStatus.True, reason, message);

    /// <summary>All that were said.</summary>
    public IReadOnlyList<Condition> ToList() => [.. conditions];
}
