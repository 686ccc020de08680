namespace DriftGuard.Operator.Resources;

/// <summary>One change of an index' model. The operator makes it; people steer it by <c>desired</c> and <c>approved</c>.</summary>
internal sealed record Rollout : Resource<RolloutSpec, RolloutStatus>
{
    /// <summary>The label that says whose change it is.</summary>
    public const string OriginLabel = ResourceKind.Prefix + "origin";

    /// <summary>The label with the EmbeddingIndex it belongs to.</summary>
    public const string IndexLabel = ResourceKind.Prefix + "index";

    /// <summary>It was started for a change of an EmbeddingIndex.</summary>
    public const string OfResource = "resource";

    /// <summary>It was started past the resources, and was found in the installation.</summary>
    public const string OfInstallation = "installation";

    /// <summary>The rollout of the installation that it was found as; null of one that is started for a resource.</summary>
    public string? FoundId => Spec.Id;
}

/// <summary>What is to become of a rollout.</summary>
internal enum DesiredRollout
{
    /// <summary>It goes on to its end.</summary>
    Running,

    /// <summary>It holds where that is safe.</summary>
    Paused,

    /// <summary>It ends before its cutover.</summary>
    Aborted,

    /// <summary>The model before serves again; before the cutover this aborts it.</summary>
    RolledBack,

    /// <summary>Its soak ends: the new model serves for good.</summary>
    Promoted,
}

/// <summary>What is declared of a rollout. Only desired, approved and reason ever change.</summary>
internal sealed record RolloutSpec
{
    /// <summary>The EmbeddingIndex.</summary>
    public Reference IndexRef { get; init; } = new();

    /// <summary>The model to change to, by its name in the installation.</summary>
    public string Model { get; init; } = "";

    /// <summary>That model's fingerprint.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The generation of the EmbeddingIndex that asked for it.</summary>
    public long? IndexGeneration { get; init; }

    /// <summary>The rollout of the installation that it was found as, where somebody else started it.</summary>
    public string? Id { get; init; }

    /// <summary>Whether it waits for a person.</summary>
    public Approval Approval { get; init; }

    /// <summary>Whether a sub-corpus is scored before anything is copied.</summary>
    public bool Preflight { get; init; } = true;

    /// <summary>Whether it is started also beyond the configured budget.</summary>
    public bool OverBudget { get; init; }

    /// <summary>What is to become of it.</summary>
    public DesiredRollout Desired { get; init; }

    /// <summary>A person agrees to its cutover.</summary>
    public bool Approved { get; init; }

    /// <summary>Why, for the audit log.</summary>
    public string? Reason { get; init; }
}

/// <summary>What was observed of a rollout.</summary>
internal sealed record RolloutStatus : ActingStatus
{
    /// <summary>Its id in the installation.</summary>
    public string? Id { get; init; }

    /// <summary>The model before.</summary>
    public string? From { get; init; }

    /// <summary>The phase in the installation.</summary>
    public string? Phase { get; init; }

    /// <summary>Why it is in that phase.</summary>
    public string? PhaseReason { get; init; }

    /// <summary>The same for people.</summary>
    public string? Message { get; init; }

    /// <summary>How far the copying is.</summary>
    public CopyingStatus? Progress { get; init; }

    /// <summary>The conditions of the gate.</summary>
    public IReadOnlyList<GateStatus> Gate { get; init; } = [];

    /// <summary>What can be promised about writes that went on meanwhile.</summary>
    public string? Guarantee { get; init; }

    /// <summary>Who started it.</summary>
    public string? StartedBy { get; init; }

    /// <summary>When it was started.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? CompletionTime { get; init; }

    /// <summary>What it was last asked for this resource.</summary>
    public LastRequest? LastRequest { get; init; }
}

/// <summary>How far the copying of a rollout is.</summary>
internal sealed record CopyingStatus
{
    /// <summary>Partitions planned.</summary>
    public int Partitions { get; init; }

    /// <summary>Partitions copied whole.</summary>
    public int PartitionsDone { get; init; }

    /// <summary>Points copied.</summary>
    public long PointsCopied { get; init; }
}

/// <summary>A condition of the gate as it was last answered.</summary>
internal sealed record GateStatus
{
    /// <summary>Which.</summary>
    public string Condition { get; init; } = "";

    /// <summary>pass, fail or inconclusive.</summary>
    public string Verdict { get; init; } = "";

    /// <summary>Why.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The same for people, with figures.</summary>
    public string Message { get; init; } = "";
}

/// <summary>What a rollout was last asked.</summary>
internal sealed record LastRequest
{
    /// <summary>What.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The generation of the resource for which it was asked.</summary>
    public long Generation { get; init; }
}
