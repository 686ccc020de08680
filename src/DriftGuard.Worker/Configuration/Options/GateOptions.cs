using System.ComponentModel.DataAnnotations;

namespace DriftGuard.Worker.Configuration;

/// <summary>The figures of the gate. What they mean, and how they were chosen, stands with the gate's rule.</summary>
public sealed record GateOptions
{
    /// <summary>
    /// The loss of a metric that still counts as a match. Unless set, by the number of queries: .03 from 1,000, .02 from 1,000
    /// effective ones, .05 below.
    /// </summary>
    [Range(0.0001, 0.5)]
    public double? Margin { get; init; }

    /// <summary>The loss too small to matter: a candidate surely below it is worse; .005 unless set.</summary>
    [Range(0.0, 0.5)]
    public double Epsilon { get; init; } = 0.005;

    /// <summary>How the two collections are compared; <c>paired</c> unless set.</summary>
    public GateRule Rule { get; init; } = GateRule.Paired;

    /// <summary>The least share of the exact search's results that the approximate search must find; .95 unless set.</summary>
    [Range(0.0, 1.0)]
    public double AnnRecallFloor { get; init; } = 0.95;

    /// <summary>
    /// The share of the points that may stand parked, since their text cannot be embedded, and be missing after the cutover; 0 unless set.
    /// </summary>
    [Range(0.0, 1.0)]
    public double ParkedShare { get; init; }

    /// <summary>The most that green's 95th percentile of search time may be, as a multiple of blue's; not judged unless set.</summary>
    [Range(0.1, 1000.0)]
    public double? LatencyRatioCeiling { get; init; }

    /// <summary>
    /// The metrics that must all match or be better; unless set, those of the calibration set, which are <c>recall_cap@10</c> and
    /// <c>ndcg@10</c> unless it says otherwise.
    /// </summary>
    public IReadOnlyList<string>? Metrics { get; init; }
}

/// <summary>How the gate compares blue with green.</summary>
public enum GateRule
{
    /// <summary>Query by query, with a bound on the mean difference that knows about groups of queries.</summary>
    Paired,

    /// <summary>The means as they are: refuses about half of all equal candidates.</summary>
    Point,
}
