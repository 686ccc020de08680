using DriftGuard.Core.Calibration;
using DriftGuard.Core.Gate.MatchesOrBeats;

namespace DriftGuard.Core.Drift.Findings;

/// <summary>A metric now against the baseline, paired by query.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Baseline">Its mean in the baseline, over the queries that were compared.</param>
/// <param name="Now">Its mean now.</param>
/// <param name="Result">Verdict and figures.</param>
public sealed record MetricDrift(string Metric, double Baseline, double Now, MatchesOrBeatsResult Result);

/// <summary>What the quality detector saw.</summary>
/// <param name="CalibrationSet">Name of the set.</param>
/// <param name="Queries">Queries that were compared: those of the baseline whose relevant documents are all there.</param>
/// <param name="Metrics">Each metric.</param>
/// <param name="Labels">Relevant documents that are not in the collection any more; null where that could not be read.</param>
public sealed record QualityFindings(string CalibrationSet, int Queries, IReadOnlyList<MetricDrift> Metrics, StaleLabels? Labels)
{
    /// <summary>Queries that fell the most, with the fall of the first metric, the worst first.</summary>
    public IReadOnlyList<DriftFigure> Worst { get; init; } = [];

    /// <summary>Share of the exact search's results that approximate search finds; null where it was not measured.</summary>
    public double? AnnRecall { get; init; }
}
