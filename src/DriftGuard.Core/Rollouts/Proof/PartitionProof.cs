namespace DriftGuard.Core.Rollouts.Proof;

/// <summary>
/// What a full comparison of a partition found. The digest of a side is the SHA-256 over its points in id order: id, content hash, payload hash. Two
/// sides with the same digest hold the same points with the same texts and payloads.
/// </summary>
public sealed record PartitionProof
{
    /// <summary>Differing points that are named.</summary>
    public const int MostNamed = 20;

    /// <summary>The partition's position.</summary>
    public required int Ordinal { get; init; }

    /// <summary>Points of the side that is the truth.</summary>
    public required long SourcePoints { get; init; }

    /// <summary>Points of the other side.</summary>
    public required long TargetPoints { get; init; }

    /// <summary>The digest of the side that is the truth, 64 hex digits.</summary>
    public required string SourceDigest { get; init; }

    /// <summary>The digest of the other side, 64 hex digits.</summary>
    public required string TargetDigest { get; init; }

    /// <summary>How many points differ in which way; empty where none does.</summary>
    public IReadOnlyDictionary<ProofDifference, long> Differences { get; init; } = new Dictionary<ProofDifference, long>();

    /// <summary>The first of them.</summary>
    public IReadOnlyList<DifferingPoint> First { get; init; } = [];

    /// <summary>The side that is the truth.</summary>
    public required Side Source { get; init; }

    /// <summary>When the comparison of it ended.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Points that differ.</summary>
    public long Differing => Differences.Values.Sum();

    /// <summary>Both sides hold the same, and the target is stamped by its model.</summary>
    public bool IsClean => Differing == 0 && SourceDigest == TargetDigest;
}
