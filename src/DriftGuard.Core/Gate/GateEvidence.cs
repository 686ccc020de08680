using DriftGuard.Core.Calibration;
using DriftGuard.Core.Gate.Attribution;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Rollouts.Estimates;
using DriftGuard.Core.Rollouts.Proof;
using DriftGuard.Core.Statistics.Slices;

namespace DriftGuard.Core.Gate;

/// <summary>Everything the gate's conditions look at, gathered before they are asked.</summary>
public sealed record GateEvidence
{
    /// <summary>What both sides hold.</summary>
    public required CompletenessEvidence Completeness { get; init; }

    /// <summary>What green's vectors look like.</summary>
    public required VectorEvidence Vectors { get; init; }

    /// <summary>State of green's approximate index.</summary>
    public required IndexEvidence Index { get; init; }

    /// <summary>The calibration set scored against both sides.</summary>
    public required RetrievalEvidence Retrieval { get; init; }

    /// <summary>Search times of both sides.</summary>
    public required LatencyEvidence Latency { get; init; }

    /// <summary>Thresholds that applications cut at; null where the index has none.</summary>
    public ThresholdEvidence? Thresholds { get; init; }

    /// <summary>What the rollout has taken; null where no budget is configured.</summary>
    public BudgetEvidence? Budget { get; init; }

    /// <summary>A person has to approve the cutover.</summary>
    public bool RequireApproval { get; init; }
}

/// <summary>What a rollout has taken, and what it may take.</summary>
/// <param name="Taken">What was embedded and stands in green, at the sizes and the rate that were measured.</param>
/// <param name="Budget">What is allowed.</param>
public sealed record BudgetEvidence(RolloutEstimate Taken, RolloutBudget Budget);

/// <summary>Thresholds of the index under both models.</summary>
/// <param name="Index">The index.</param>
/// <param name="Model">Name of the new model.</param>
/// <param name="Needed">Names of those that the index has under the old model, at least one.</param>
/// <param name="Missing">Those of them that it does not have under the new one.</param>
/// <param name="Provisional">Those of them that it has under the new one only for the time being.</param>
public sealed record ThresholdEvidence(
    string Index, string Model, IReadOnlyList<string> Needed, IReadOnlyList<string> Missing, IReadOnlyList<string> Provisional)
{
    /// <summary>Those of them that somebody stated for the new one as a number: nothing was learned.</summary>
    public IReadOnlyList<string> Stated { get; init; } = [];

    /// <summary>Those of <see cref="Stated"/> whose number is the one under the old model.</summary>
    public IReadOnlyList<string> Unchanged { get; init; } = [];

    /// <summary>Those of them that somebody withdrew under the new one: they will not be cut at any more.</summary>
    public IReadOnlyList<string> Withdrawn { get; init; } = [];
}

/// <summary>What both sides hold, by the latest comparison in id order.</summary>
/// <param name="BluePoints">Points counted in blue.</param>
/// <param name="GreenPoints">Points counted in green.</param>
/// <param name="ChangesInLastPass">Differences that the latest comparison found, and carried over.</param>
/// <param name="ParkedTexts">Points whose text could not be embedded.</param>
/// <param name="TruncatedTexts">Copied texts that are longer than the new model's token limit.</param>
/// <param name="FirstParked">The first of them with their reasons, for the message.</param>
public sealed record CompletenessEvidence(
    long BluePoints, long GreenPoints, long ChangesInLastPass, long ParkedTexts, long TruncatedTexts, IReadOnlyList<string> FirstParked)
{
    /// <summary>Share of blue's points that may stand parked.</summary>
    public double ParkedShare { get; init; }

    /// <summary>What the comparisons in full have proven; null where none was made.</summary>
    public ProofSummary? Proof { get; init; }

    /// <summary>Points that may stand parked.</summary>
    public long MostParked => (long)Math.Floor(ParkedShare * BluePoints);
}

/// <summary>What green's vectors look like.</summary>
/// <param name="Examined">Vectors read back.</param>
/// <param name="WrongDimension">Vectors of another dimension than the spec's.</param>
/// <param name="NotFinite">Vectors with NaN or infinity.</param>
/// <param name="Zero">Vectors of length 0.</param>
/// <param name="NotUnit">Vectors whose length is off 1 although the spec normalises.</param>
/// <param name="SketchMismatch">Vectors that do not match the sketch in their stamp: overwritten after they were stamped.</param>
/// <param name="SharedByOtherText">Vectors that also belong to a different text.</param>
/// <param name="MeanResultantLength">Length of the mean of the unit vectors: 1 when all are the same.</param>
/// <param name="FirstBad">Ids of the first bad ones, for the message.</param>
public sealed record VectorEvidence(
    long Examined,
    long WrongDimension,
    long NotFinite,
    long Zero,
    long NotUnit,
    long SketchMismatch,
    long SharedByOtherText,
    double MeanResultantLength,
    IReadOnlyList<string> FirstBad);

/// <summary>State of green's approximate index.</summary>
/// <param name="Ready">It is built.</param>
/// <param name="Message">What is waited for, or the figures that made it ready.</param>
/// <param name="AnnRecall">Mean share of exact search's first k that approximate search returns.</param>
/// <param name="AnnRecallFloor">Least share that is accepted.</param>
/// <param name="K">Results compared.</param>
/// <param name="Queries">Queries compared.</param>
public sealed record IndexEvidence(bool Ready, string Message, double AnnRecall, double AnnRecallFloor, int K, int Queries);

/// <summary>Search times of both sides in milliseconds.</summary>
/// <param name="BlueP95">95th percentile in blue.</param>
/// <param name="GreenP95">95th percentile in green.</param>
/// <param name="Ceiling">Largest accepted ratio; null does not judge.</param>
public sealed record LatencyEvidence(double BlueP95, double GreenP95, double? Ceiling);

/// <summary>The calibration set scored against both sides.</summary>
/// <param name="Decision">Each metric compared, paired by query, as users search.</param>
/// <param name="Labels">Relevant documents that blue does not hold.</param>
public sealed record RetrievalEvidence(MatchesOrBeatsDecision Decision, StaleLabels Labels)
{
    /// <summary>Each metric by slice, in the order of the decision; empty where the set declares none.</summary>
    public IReadOnlyList<SliceEvidence> Slices { get; init; } = [];

    /// <summary>Whose the difference of each metric is, in the order of the decision; empty where nothing was searched exactly.</summary>
    public IReadOnlyList<LossAttribution?> Attributions { get; init; } = [];
}

/// <summary>One metric by slice.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Users">Compared as users search.</param>
/// <param name="Exact">Compared by exact search; null where that was not searched.</param>
public sealed record SliceEvidence(string Metric, SlicesResult Users, SlicesResult? Exact = null);
