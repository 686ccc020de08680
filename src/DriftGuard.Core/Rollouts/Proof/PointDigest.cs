namespace DriftGuard.Core.Rollouts.Proof;

/// <summary>What a point holds, as far as a comparison looks at it.</summary>
/// <param name="ContentHash">Of its text; null where it has none.</param>
/// <param name="PayloadHash">Of its payload without the stamp.</param>
public readonly record struct PointDigest(string? ContentHash, string PayloadHash);

/// <summary>How a point of one side differs from that of the other.</summary>
public enum ProofDifference
{
    /// <summary>The source has it and the target does not.</summary>
    Missing,

    /// <summary>The target has it and the source does not.</summary>
    Extra,

    /// <summary>Its text is another one.</summary>
    Text,

    /// <summary>Its payload is another one, and its text is the same.</summary>
    Payload,

    /// <summary>Text and payload are the same, and the target's carries no stamp, one of something else, or one of an update that was cut off.</summary>
    Stamp,
}

/// <summary>A point that differs.</summary>
/// <param name="PointId">The point, as Qdrant prints it.</param>
/// <param name="Difference">How.</param>
public sealed record DifferingPoint(string PointId, ProofDifference Difference);
