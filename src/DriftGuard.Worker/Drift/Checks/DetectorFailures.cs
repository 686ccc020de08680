using DriftGuard.Core.Calibration;
using DriftGuard.Core.Drift;
using DriftGuard.Embedding;
using DriftGuard.Embedding.Pinning;
using DriftGuard.Qdrant;
using DriftGuard.State;

namespace DriftGuard.Worker.Drift.Checks;

/// <summary>What a detector answers where something that it needs cannot be used: never that nothing drifted.</summary>
internal static class DetectorFailures
{
    /// <summary>Whether somebody has to look at the code, and not at the installation.</summary>
    public static bool IsUnforeseen(string reason) => reason == DriftReason.Unexpected;

    /// <summary>The answer that follows from a failure.</summary>
    public static DetectorResult Of(Detector detector, Exception failure) => failure switch
    {
        DriftBudgetException => DetectorResult.Without(detector, DriftVerdict.InsufficientData, DriftReason.BudgetSpent, failure.Message),
        EmbeddingProviderException or ModelException or PinningException => DetectorResult.Without(detector, DriftVerdict.Failed, DriftReason.ModelUnavailable, failure.Message),
        QdrantException or VectorException => DetectorResult.Without(detector, DriftVerdict.Failed, DriftReason.QdrantUnavailable, failure.Message),
        CalibrationSetException => DetectorResult.Without(detector, DriftVerdict.Failed, DriftReason.LabelsStale, failure.Message),
        OperatorException => DetectorResult.Without(detector, DriftVerdict.Failed, DriftReason.ModelUnavailable, failure.Message),
        _ => DetectorResult.Without(detector, DriftVerdict.Failed, DriftReason.Unexpected, $"unexpected error ({failure.GetType().Name}): {failure.Message}"),
    };

    /// <summary>Whether the check as a whole cannot go on: what it found could not even be written down, or it is not wanted any more.</summary>
    public static bool EndsCheck(Exception failure, CancellationToken cancellation) =>
        failure is StateException || (failure is OperationCanceledException && cancellation.IsCancellationRequested);
}
