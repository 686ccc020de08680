using DriftGuard.Core.Calibration.Thresholds;

namespace DriftGuard.Worker.Calibration.Thresholds;

/// <summary>Which threshold is asked for.</summary>
/// <param name="Index">The index.</param>
/// <param name="Model">The model, by name; null for the one that serves the index.</param>
/// <param name="Name">What the application calls the threshold.</param>
public sealed record ThresholdTarget(string Index, string? Model = null, string Name = Threshold.DefaultName);

/// <summary>Which pairs, and what they mean.</summary>
public sealed record PairRequest
{
    /// <summary>The calibration set; null for the index' own.</summary>
    public string? CalibrationSet { get; init; }

    /// <summary>A file of pairs in place of a set's.</summary>
    public string? File { get; init; }

    /// <summary>The least score of a positive, in place of what the set declares.</summary>
    public double? PositiveFrom { get; init; }

    /// <summary>What a negative's score is below, in place of what the set declares.</summary>
    public double? NegativeBelow { get; init; }

    /// <summary>As what the texts are embedded, in place of what the set declares.</summary>
    public PairKinds? Kinds { get; init; }
}

/// <summary>What became of a request for a threshold.</summary>
/// <param name="Threshold">The threshold; null where pairs are missing.</param>
/// <param name="Stored">Whether it was stored.</param>
/// <param name="Missing">What is missing; null where there is a threshold.</param>
/// <param name="Pairs">The pairs that were looked at.</param>
public sealed record ThresholdOutcome(Threshold? Threshold, bool Stored, string? Missing, PairCounts? Pairs);
