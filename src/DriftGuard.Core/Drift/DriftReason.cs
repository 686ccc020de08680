namespace DriftGuard.Core.Drift;

/// <summary>Why a detector answers as it does. These words are the interface: reports, metrics, events and pages show the same ones.</summary>
public static class DriftReason
{
    /// <summary>Everything is within its tolerance.</summary>
    public const string WithinTolerance = "within_tolerance";

    /// <summary>Something is beyond its tolerance, and a fresh run agreed.</summary>
    public const string BeyondTolerance = "beyond_tolerance";

    /// <summary>Something is beyond its tolerance in one run.</summary>
    public const string BeyondToleranceOnce = "beyond_tolerance_once";

    /// <summary>A digest is not what was fingerprinted.</summary>
    public const string DigestChanged = "digest_changed";

    /// <summary>The provider answers as another model than before.</summary>
    public const string IdentityChanged = "identity_changed";

    /// <summary>What is there is not what was declared.</summary>
    public const string NotAsDeclared = "not_as_declared";

    /// <summary>Vectors that no model gives: NaN, zero, or of another dimension.</summary>
    public const string BadVectors = "bad_vectors";

    /// <summary>Stamps contradict their points.</summary>
    public const string StampsContradict = "stamps_contradict";

    /// <summary>There is nothing to compare with yet; what was measured now is what the next check compares with.</summary>
    public const string NothingToCompareWith = "nothing_to_compare_with";

    /// <summary>There are too few observations for the rule.</summary>
    public const string TooFew = "too_few";

    /// <summary>The baseline belongs to another fingerprint, set or dimension.</summary>
    public const string BaselineDoesNotFit = "baseline_does_not_fit";

    /// <summary>The calibration set does not fit the collection any more, or cannot be read.</summary>
    public const string LabelsStale = "labels_stale";

    /// <summary>No calibration set is set.</summary>
    public const string NoCalibrationSet = "no_calibration_set";

    /// <summary>What checks may embed through this provider today is spent.</summary>
    public const string BudgetSpent = "budget_spent";

    /// <summary>The provider or the model cannot be used.</summary>
    public const string ModelUnavailable = "model_unavailable";

    /// <summary>Qdrant cannot be used.</summary>
    public const string QdrantUnavailable = "qdrant_unavailable";

    /// <summary>Something went wrong that nobody foresaw.</summary>
    public const string Unexpected = "unexpected";
}
