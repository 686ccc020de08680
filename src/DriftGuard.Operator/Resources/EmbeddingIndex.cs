namespace DriftGuard.Operator.Resources;

/// <summary>An index and the model that is to serve it. To change the model here is what starts a rollout.</summary>
internal sealed record EmbeddingIndex : Resource<EmbeddingIndexSpec, EmbeddingIndexStatus>
{
    /// <summary>What holds the resource back from its deletion until what the policy says is done.</summary>
    public const string Finalizer = ResourceKind.Prefix + "index";

    /// <summary>Its name in the installation.</summary>
    public string IndexName => Spec.Index ?? Metadata.Name;
}

/// <summary>Whether a rollout waits for a person.</summary>
internal enum Approval
{
    /// <summary>It waits, once its gate has passed.</summary>
    Manual,

    /// <summary>It cuts over by itself once its gate has passed.</summary>
    Automatic,
}

/// <summary>What becomes of the index in the installation when the resource is deleted.</summary>
internal enum DeletionPolicy
{
    /// <summary>All of it stays as it is.</summary>
    Retain,

    /// <summary>The index is forgotten, and its collections are deleted.</summary>
    Delete,
}

/// <summary>What is done where something was changed past the resource.</summary>
internal enum OnDivergence
{
    /// <summary>It is said, and nothing is done.</summary>
    Report,

    /// <summary>It is made as it was declared again.</summary>
    Repair,
}

/// <summary>What is declared of an index.</summary>
internal sealed record EmbeddingIndexSpec
{
    /// <summary>Its name in the installation, the alias that applications search; that of the resource unless set. Never changes.</summary>
    public string? Index { get; init; }

    /// <summary>The model that is to serve it, an EmbeddingModel.</summary>
    public Reference ModelRef { get; init; } = new();

    /// <summary>The set that decides rollouts, a CalibrationSet; the one that the index has unless set.</summary>
    public Reference? CalibrationSetRef { get; init; }

    /// <summary>An existing collection to put under DriftGuard instead of a new one. Never changes.</summary>
    public AdoptedCollection? Adopt { get; init; }

    /// <summary>What text is embedded. Never changes.</summary>
    public IndexText? Text { get; init; }

    /// <summary>How its rollouts go.</summary>
    public IndexRollouts Rollout { get; init; } = new();

    /// <summary>What becomes of the index when the resource is deleted.</summary>
    public DeletionPolicy DeletionPolicy { get; init; }

    /// <summary>What is done where something was changed past the resource.</summary>
    public OnDivergence OnDivergence { get; init; }

    /// <summary>Nothing is done while this is set.</summary>
    public bool Suspend { get; init; }
}

/// <summary>A collection that is there already.</summary>
internal sealed record AdoptedCollection
{
    /// <summary>Its name in Qdrant.</summary>
    public string Collection { get; init; } = "";
}

/// <summary>What text of a point is embedded.</summary>
internal sealed record IndexText
{
    /// <summary>The payload key.</summary>
    public string? Field { get; init; }

    /// <summary>Several keys joined, such as <c>{title}\n{body}</c>.</summary>
    public string? Template { get; init; }

    /// <summary>The named vector that the model makes.</summary>
    public string? Vector { get; init; }
}

/// <summary>How rollouts of an index go.</summary>
internal sealed record IndexRollouts
{
    /// <summary>Whether they wait for a person.</summary>
    public Approval Approval { get; init; }

    /// <summary>Whether a sub-corpus is scored before anything is copied.</summary>
    public bool Preflight { get; init; } = true;

    /// <summary>Whether they are started also beyond the configured budget.</summary>
    public bool OverBudget { get; init; }
}

/// <summary>What was observed of an index.</summary>
internal sealed record EmbeddingIndexStatus : ActingStatus
{
    /// <summary>Its name in the installation.</summary>
    public string? Index { get; init; }

    /// <summary>The model that serves it.</summary>
    public string? Model { get; init; }

    /// <summary>That model's fingerprint.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The collection that serves it.</summary>
    public string? Collection { get; init; }

    /// <summary>How often it was switched.</summary>
    public long? Epoch { get; init; }

    /// <summary>Its points.</summary>
    public long? Points { get; init; }

    /// <summary>The set that decides its rollouts.</summary>
    public string? CalibrationSet { get; init; }

    /// <summary>The Rollout that is under way, or ended last.</summary>
    public string? Rollout { get; init; }

    /// <summary>The model that was declared, and since which generation.</summary>
    public IndexTarget? Target { get; init; }
}

/// <summary>A model that was declared for an index.</summary>
internal sealed record IndexTarget
{
    /// <summary>Its name in the installation.</summary>
    public string Model { get; init; } = "";

    /// <summary>Its fingerprint when it was declared.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>The generation that first declared it.</summary>
    public long Generation { get; init; }

    /// <summary>Whether it has served since.</summary>
    public bool Reached { get; init; }
}
