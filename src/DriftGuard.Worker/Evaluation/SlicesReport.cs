using DriftGuard.Core.Statistics;
using DriftGuard.Core.Statistics.Slices;

namespace DriftGuard.Worker.Evaluation;

/// <summary>The slices of an evaluation. Tests and differences are those of the primary metric.</summary>
/// <param name="Metric">The primary metric.</param>
/// <param name="Slices">Each slice, in the order that the set declares.</param>
public sealed record SlicesReport(string Metric, IReadOnlyList<SliceReport> Slices)
{
    /// <summary>What all of them say together; null where only one side was scored.</summary>
    public SlicesOutcome? Outcome { get; init; }

    /// <summary>The loss from which a slice may fail; null where only one side was scored.</summary>
    public double? Margin { get; init; }

    /// <summary>The chance of even one false failure; null where only one side was scored.</summary>
    public double? Alpha { get; init; }

    /// <summary>Seed of random signs; null where only one side was scored.</summary>
    public int? Seed { get; init; }
}

/// <summary>One slice.</summary>
/// <param name="Field">The query field.</param>
/// <param name="Value">Its value.</param>
/// <param name="Critical">Whether being too small to test makes the outcome inconclusive.</param>
/// <param name="Queries">Its queries.</param>
/// <param name="Groups">Their groups.</param>
/// <param name="Old">Mean of each metric on the old side.</param>
/// <param name="New">Mean of each metric on the new side; null where only one side was scored.</param>
public sealed record SliceReport(string Field, string Value, bool Critical, int Queries, int Groups, IReadOnlyList<double> Old, IReadOnlyList<double>? New)
{
    /// <summary>The 95 % interval of the old side's mean of the primary metric; null with fewer than two groups.</summary>
    public MeanInterval? OldInterval { get; init; }

    /// <summary>The same of the new side.</summary>
    public MeanInterval? NewInterval { get; init; }

    /// <summary>The primary metric compared; null where only one side was scored.</summary>
    public SliceComparison? Comparison { get; init; }

    /// <summary><c>field=value</c>.</summary>
    public string Name() => $"{Field}={Value}";
}

/// <summary>What comparing a slice gave.</summary>
/// <param name="Difference">Its mean difference, new - old.</param>
/// <param name="Lower">One-sided 95 % lower bound with the whole set's design effect; null with fewer than two groups in the whole set.</param>
/// <param name="Upper">The upper bound.</param>
/// <param name="Verdict">What follows.</param>
/// <param name="Test">How it was tested.</param>
/// <param name="P">p for "not worse"; null where not tested.</param>
/// <param name="AdjustedP">p after Holm's correction; null where not tested.</param>
/// <param name="DetectableHarm">The loss that a test of this slice would find in four cases of five; null where nothing in the set differs.</param>
public sealed record SliceComparison(
    double Difference, double? Lower, double? Upper, SliceVerdict Verdict, SliceTest Test, double? P, double? AdjustedP, double? DetectableHarm);
