namespace DriftGuard.Core.Statistics.Slices;

/// <summary>One metric to compare slices on.</summary>
/// <param name="Differences">new - old for each query of the whole set, in [-1, 1].</param>
/// <param name="Margin">A slice fails only if its mean loss reaches this, in (0, 1): the margin of the whole comparison.</param>
public sealed record SlicedMetric(IReadOnlyList<double> Differences, double Margin);
