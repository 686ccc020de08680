namespace DriftGuard.Operator.Resources;

/// <summary>What the installation answered when it was last asked for something that it refused.</summary>
internal sealed record Refusal
{
    /// <summary>What was asked.</summary>
    public string Action { get; init; } = "";

    /// <summary>Why it was refused.</summary>
    public string Message { get; init; } = "";

    /// <summary>How often in a row.</summary>
    public int Attempts { get; init; }

    /// <summary>The generation for which it was asked.</summary>
    public long Generation { get; init; }

    /// <summary>When it was last asked.</summary>
    public DateTimeOffset At { get; init; }
}
