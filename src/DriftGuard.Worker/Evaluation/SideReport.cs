using DriftGuard.Core.Gate.Attribution;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Statistics;

namespace DriftGuard.Worker.Evaluation;

/// <summary>One side's figures.</summary>
/// <param name="Collection">The collection, or what was searched in its place.</param>
/// <param name="Model">Name of the model that made its vectors and embedded the queries.</param>
/// <param name="Fingerprint">That model's fingerprint.</param>
/// <param name="Means">Mean of each metric as users search, over all queries, missing results counted 0; empty without queries.</param>
/// <param name="ExactMeans">The same by exact search.</param>
/// <param name="P95Milliseconds">95th percentile of a single search; 0 where none was timed.</param>
public sealed record SideReport(
    string Collection, string Model, string Fingerprint, IReadOnlyList<double> Means, IReadOnlyList<double> ExactMeans, double P95Milliseconds)
{
    /// <summary>The 95 % interval of each mean (<see cref="ClusteredMean"/>); null with fewer than two groups. Empty in older reports.</summary>
    public IReadOnlyList<MeanInterval?> Intervals { get; init; } = [];

    /// <summary>The same by exact search.</summary>
    public IReadOnlyList<MeanInterval?> ExactIntervals { get; init; } = [];

    /// <summary>Whether only exact search was made, so that <see cref="Means"/> are those of exact search.</summary>
    public bool ExactOnly { get; init; }

    /// <summary>Queries that could not be embedded; they found nothing and score 0.</summary>
    public int Unembeddable { get; init; }

    /// <summary>
    /// Share of the first ten results that somebody judged. Where the new side's is lower, it finds documents that nobody looked at, and its
    /// metrics are lower bounds more than the old side's are. Null where no results are known.
    /// </summary>
    public double? JudgedAt10 { get; init; }
}

/// <summary>A metric compared.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Result">Verdict and figures of the rule, as users search.</param>
public sealed record ComparedMetric(string Metric, MatchesOrBeatsResult Result)
{
    /// <summary>The same rule on exact search; null where a side was not searched both ways.</summary>
    public MatchesOrBeatsResult? Exact { get; init; }

    /// <summary>Two-sided sign flips of whole groups, for information: nothing is decided by it. Null without queries.</summary>
    public SignFlipResult? SignFlip { get; init; }

    /// <summary>Whose the difference is; null where a side was not searched both ways.</summary>
    public LossAttribution? Attribution { get; init; }
}

/// <summary>One query's results.</summary>
/// <param name="Id">The query.</param>
/// <param name="Old">Each metric in the collection that serves.</param>
/// <param name="New">Each metric in the candidate; null where only one side was scored.</param>
/// <param name="OldFound">First document ids in the collection that serves.</param>
/// <param name="NewFound">First document ids in the candidate.</param>
public sealed record QueryReport(
    string Id, IReadOnlyList<double> Old, IReadOnlyList<double>? New, IReadOnlyList<string> OldFound, IReadOnlyList<string>? NewFound)
{
    /// <summary>Each metric by exact search in the collection that serves; null where that was not made.</summary>
    public IReadOnlyList<double>? OldExact { get; init; }

    /// <summary>Each metric by exact search in the candidate; null where that was not made.</summary>
    public IReadOnlyList<double>? NewExact { get; init; }

    /// <summary>A digest of the query's text and judgements, on which all values rest; null in older reports.</summary>
    public string? Judged { get; init; }
}
