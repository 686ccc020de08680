using DriftGuard.Core.Drift.Documents;
using DriftGuard.Core.Drift.Queries;

namespace DriftGuard.Core.Drift.Findings;

/// <summary>Share of queries in a language, before and now.</summary>
/// <param name="Language">ISO 639-1 code.</param>
/// <param name="Before">Share over the past days, 0 to 1.</param>
/// <param name="Now">Share of the day that was judged, 0 to 1.</param>
/// <param name="P">One-sided p for "it has not risen", by days; null with too few days.</param>
public sealed record LanguageShift(string Language, double Before, double Now, double? P);

/// <summary>How many queries of a day find little.</summary>
/// <param name="Day">The day.</param>
/// <param name="Queries">Queries of the day under the index' model whose best score is known.</param>
/// <param name="BelowThreshold">Share of them whose best score is below the baseline's 5 % quantile, 0 to 1.</param>
public sealed record CoverageDay(DateOnly Day, int Queries, double BelowThreshold);

/// <summary>How far the queries of a day lie from all that was asked before: what no topic and hardly a language does.</summary>
/// <param name="CentroidCosine">Cosine of the day's mean vector and the baseline's.</param>
/// <param name="BelowThreshold">Share of the day's queries whose best score is below the baseline's 5 % quantile.</param>
/// <param name="MedianBestScore">Median of the day's best scores.</param>
/// <param name="BaselineMedian">Median of the baseline's.</param>
public sealed record QueryDisplacement(double CentroidCosine, double BelowThreshold, double MedianBestScore, double BaselineMedian)
{
    /// <summary>
    /// Whether the queries seem to come from another space: nine in ten find less than nearly every query did before, and what they have in
    /// common has turned away. Queries of another model do both.
    /// </summary>
    public bool IsAnotherSpace => BelowThreshold >= .9 && CentroidCosine < .5;
}

/// <summary>What the data detector saw.</summary>
public sealed record DataFindings
{
    /// <summary>The day whose queries were judged; null where there are none.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>Queries against past days; null where there were none.</summary>
    public QueryDriftResult? Queries { get; init; }

    /// <summary>Coverage by day, the oldest first, the day that was judged last; empty where there is no baseline of queries.</summary>
    public IReadOnlyList<CoverageDay> Coverage { get; init; } = [];

    /// <summary>How far the day's queries lie from the baseline; null where there is none.</summary>
    public QueryDisplacement? Displacement { get; init; }

    /// <summary>
    /// Share of the day's queries whose stored text the index' model does not turn into the vector that they searched with; null where no
    /// text is kept.
    /// </summary>
    public VariantFit? OwnModel { get; init; }

    /// <summary>Fingerprints that the day's queries say they were embedded with, other than the index' own, with their numbers.</summary>
    public IReadOnlyDictionary<string, long> ForeignFingerprints { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Languages whose share moved, the largest rise first.</summary>
    public IReadOnlyList<LanguageShift> Languages { get; init; } = [];

    /// <summary>Documents against the baseline's; null where there were none to compare.</summary>
    public DocumentDrift? Documents { get; init; }

    /// <summary>Ids of documents that are the least like the baseline's.</summary>
    public IReadOnlyList<string> NewDocuments { get; init; } = [];
}
