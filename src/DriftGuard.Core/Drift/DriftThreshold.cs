using DriftGuard.Core.Drift.Documents;
using DriftGuard.Core.Drift.Probes;
using DriftGuard.Core.Drift.Sampling;

namespace DriftGuard.Core.Drift;

/// <summary>Which figure of a detector's result a threshold is of.</summary>
public enum DriftFigureKind
{
    /// <summary><see cref="DetectorResult.Statistic"/>.</summary>
    Statistic,

    /// <summary><see cref="DetectorResult.Effect"/>.</summary>
    Effect,

    /// <summary><see cref="DetectorResult.P"/>.</summary>
    P,
}

/// <summary>
/// The figure of a detector that is worth following over time, and from where on it counts. A verdict stands on more than that, such as a fresh sample and
/// bounds: see the detector's own sentence.
/// </summary>
/// <param name="Detector">The detector.</param>
/// <param name="Figure">Which of its figures.</param>
/// <param name="Name">What the figure is.</param>
/// <param name="Value">The threshold, in the figure's own unit.</param>
/// <param name="CountsAbove">Whether values at or above it count; otherwise those at or below.</param>
public sealed record DriftThreshold(Detector Detector, DriftFigureKind Figure, string Name, double Value, bool CountsAbove)
{
    /// <summary>The thresholds of the detectors whose rule is the same for every index, in their order.</summary>
    public static IReadOnlyList<DriftThreshold> Fixed { get; } =
    [
        new(Detector.Schema, DriftFigureKind.Statistic, "differences", 1, CountsAbove: true),
        new(Detector.Model, DriftFigureKind.Statistic, "probes_beyond_tolerance", ProbeComparison.FewestBeyond, CountsAbove: true),
        new(Detector.Index, DriftFigureKind.Effect, "mismatch_share", MismatchShare.Negligible, CountsAbove: true),
        new(Detector.Data, DriftFigureKind.P, "p", DocumentDrift.Alpha, CountsAbove: false),
    ];

    /// <summary>That of the quality detector, whose margin goes by the calibration set.</summary>
    /// <param name="margin">The largest loss of the primary metric that still counts as none.</param>
    public static DriftThreshold OfQuality(double margin) => new(Detector.Quality, DriftFigureKind.Effect, "mean_difference", -margin, CountsAbove: false);
}
