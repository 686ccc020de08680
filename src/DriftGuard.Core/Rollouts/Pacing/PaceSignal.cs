namespace DriftGuard.Core.Rollouts.Pacing;

/// <summary>What a copy waits for, and can see falling behind.</summary>
public enum PaceSignal
{
    /// <summary>Batches written to Qdrant.</summary>
    Writes,

    /// <summary>Batches embedded by a provider.</summary>
    Calls,
}

/// <summary>What a collection's optimiser looks like.</summary>
/// <param name="AtWork">It optimises, or waits for a write to begin (Qdrant's yellow and grey).</param>
/// <param name="Segments">Segments of the collection.</param>
/// <param name="Queued">Updates that wait to be applied; null where the version does not say.</param>
public readonly record struct OptimiserSample(bool AtWork, ulong Segments, ulong? Queued);

/// <summary>How much of its speed a copy takes, and why not all.</summary>
/// <param name="Share">The share of the time in which calls are under way, above 0 and at most 1.</param>
/// <param name="Cause">What is slow, with figures; null where nothing is.</param>
public sealed record Slowdown(double Share, string? Cause)
{
    /// <summary>Full speed.</summary>
    public static Slowdown None { get; } = new(1, null);

    /// <summary>The same for people.</summary>
    public string Text => Cause is null ? "full speed" : FormattableString.Invariant($"slowed to {100 * Share:0} %: {Cause}");
}
