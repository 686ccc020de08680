namespace DriftGuard.Core.Indexes;

/// <summary>
/// What an application searches, by name. Which collection and model stand behind it is not kept here: the alias and the
/// collection's metadata in Qdrant are the truth.
/// </summary>
public sealed record IndexDefinition
{
    /// <summary>Name of the index: the alias in Qdrant.</summary>
    public required string Name { get; init; }

    /// <summary>Payload key of the text that is embedded.</summary>
    public string TextField { get; init; } = "text";

    /// <summary>Calibration set that decides a rollout of this index; null if none is set.</summary>
    public string? CalibrationSet { get; init; }

    /// <summary>When it was enrolled.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
