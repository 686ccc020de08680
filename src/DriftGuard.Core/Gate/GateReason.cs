namespace DriftGuard.Core.Gate;

/// <summary>Reasons of the gate's rows. They are part of the interface: reports, events and metrics show the same words.</summary>
public static class GateReason
{
    /// <summary>Both sides hold the same points.</summary>
    public const string Complete = "complete";

    /// <summary>Texts that could not be embedded are parked, more of them than may be.</summary>
    public const string TextsParked = "texts_parked";

    /// <summary>Both sides hold the same points, but for the texts that stand parked and may.</summary>
    public const string CompleteButParked = "complete_but_parked";

    /// <summary>The latest pass still found differences.</summary>
    public const string StillChanging = "still_changing";

    /// <summary>The number of points differs.</summary>
    public const string CountsDiffer = "counts_differ";

    /// <summary>Vectors are as the model spec says.</summary>
    public const string VectorsHealthy = "vectors_healthy";

    /// <summary>Some vectors are not as the model spec says.</summary>
    public const string VectorsUnhealthy = "vectors_unhealthy";

    /// <summary>Different texts have collapsed onto the same vectors.</summary>
    public const string VectorsCollapsed = "vectors_collapsed";

    /// <summary>There was nothing to look at.</summary>
    public const string NoVectors = "no_vectors";

    /// <summary>The approximate index is built and agrees with exact search.</summary>
    public const string IndexReady = "index_ready";

    /// <summary>The approximate index is not built.</summary>
    public const string IndexNotReady = "index_not_ready";

    /// <summary>Approximate search misses too much of what exact search finds.</summary>
    public const string AnnRecallLow = "ann_recall_low";

    /// <summary>Every metric matches or beats.</summary>
    public const string MatchesOrBeats = "matches_or_beats";

    /// <summary>A metric is worse.</summary>
    public const string Worse = "worse";

    /// <summary>A metric is worse as users search, and is not by exact search: the loss is the approximate index's.</summary>
    public const string IndexLoses = "index_loses";

    /// <summary>The calibration set has no query that can be asked.</summary>
    public const string NoQueries = "no_queries";

    /// <summary>The labelled queries cannot tell.</summary>
    public const string TooFewQueries = "too_few_queries";

    /// <summary>More queries would not settle it.</summary>
    public const string TooClose = "too_close";

    /// <summary>Both sides have the same fingerprint.</summary>
    public const string NoChange = "no_change";

    /// <summary>No slice is worse.</summary>
    public const string SlicesHold = "slices_hold";

    /// <summary>A slice is worse.</summary>
    public const string SliceWorse = "slice_worse";

    /// <summary>A critical slice is too small to tell.</summary>
    public const string SliceTooSmall = "slice_too_small";

    /// <summary>Relevant ids of the calibration set are in the collection.</summary>
    public const string LabelsKnown = "labels_known";

    /// <summary>Relevant ids of the calibration set are not in the collection.</summary>
    public const string LabelsStale = "labels_stale";

    /// <summary>No query finds any of its relevant documents on either side.</summary>
    public const string LabelsNeverFound = "labels_never_found";

    /// <summary>Search in green is fast enough.</summary>
    public const string LatencyOk = "latency_ok";

    /// <summary>Search in green is too slow.</summary>
    public const string LatencyHigh = "latency_high";

    /// <summary>What the rollout took lies within the budget.</summary>
    public const string WithinBudget = "within_budget";

    /// <summary>The rollout took more than the budget allows.</summary>
    public const string OverBudget = "over_budget";

    /// <summary>A gate that passes is enough.</summary>
    public const string ApprovalNotRequired = "approval_not_required";

    /// <summary>A person has to approve the cutover.</summary>
    public const string ApprovalAwaited = "approval_awaited";

    /// <summary>A person approved the cutover.</summary>
    public const string Approved = "approved";

    /// <summary>Every threshold that the index has is known for the new model.</summary>
    public const string ThresholdsKnown = "thresholds_known";

    /// <summary>Every threshold is known for the new model, some of them carried over without labels.</summary>
    public const string ThresholdsProvisional = "thresholds_provisional";

    /// <summary>A threshold was stated for the new model by hand; nothing was learned for it.</summary>
    public const string ThresholdsStated = "thresholds_stated";

    /// <summary>A threshold was withdrawn for the new model by hand; the others are known for it.</summary>
    public const string ThresholdsWithdrawn = "thresholds_withdrawn";

    /// <summary>A threshold that the index has is not known for the new model.</summary>
    public const string ThresholdsMissing = "thresholds_missing";
}
