namespace DriftGuard.Operator.Resources;

/// <summary>Checks of an index for drift, by a schedule or once for each change of the resource.</summary>
internal sealed record DriftCheck : Resource<DriftCheckSpec, DriftCheckStatus>;

/// <summary>A detector that a check may be of.</summary>
internal enum CheckDetector
{
    /// <summary>Is the collection what was declared?</summary>
    Schema,

    /// <summary>Is this still the model that was fingerprinted?</summary>
    Model,

    /// <summary>Were the stored vectors made by it?</summary>
    Index,

    /// <summary>Does retrieval still work?</summary>
    Quality,

    /// <summary>Do documents and queries still look alike?</summary>
    Data,
}

/// <summary>What is declared of a check.</summary>
internal sealed record DriftCheckSpec
{
    /// <summary>The EmbeddingIndex.</summary>
    public Reference IndexRef { get; init; } = new();

    /// <summary>When, in cron's five fields and in UTC; once for each generation unless set.</summary>
    public string? Schedule { get; init; }

    /// <summary>The detectors that run; all unless set.</summary>
    public IReadOnlyList<CheckDetector> Detectors { get; init; } = [];

    /// <summary>Nothing is checked while this is set.</summary>
    public bool Suspend { get; init; }
}

/// <summary>What was observed of a check.</summary>
internal sealed record DriftCheckStatus : ActingStatus
{
    /// <summary>The generation that was last checked for.</summary>
    public long CheckedGeneration { get; init; }

    /// <summary>When it was last checked.</summary>
    public DateTimeOffset? LastCheckTime { get; init; }

    /// <summary>The time of the schedule for which it last was.</summary>
    public DateTimeOffset? LastScheduleTime { get; init; }

    /// <summary>When it is checked next.</summary>
    public DateTimeOffset? NextCheckTime { get; init; }

    /// <summary>The verdict of all detectors together.</summary>
    public string? Verdict { get; init; }

    /// <summary>What happened, and what to do.</summary>
    public string? Diagnosis { get; init; }

    /// <summary>The report in the installation.</summary>
    public string? Report { get; init; }
}
