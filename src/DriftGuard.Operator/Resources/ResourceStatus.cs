namespace DriftGuard.Operator.Resources;

/// <summary>What was observed of a resource of any kind.</summary>
internal abstract record ResourceStatus
{
    /// <summary>The generation that was looked at.</summary>
    public long ObservedGeneration { get; init; }

    /// <summary>Ready, Reconciling, Stalled, and what else its kind has.</summary>
    public IReadOnlyList<Condition> Conditions { get; init; } = [];
}

/// <summary>What was observed of a resource for which something is done in the installation.</summary>
internal abstract record ActingStatus : ResourceStatus
{
    /// <summary>What the installation refused last; nothing where it did not.</summary>
    public Refusal? Refusal { get; init; }
}
