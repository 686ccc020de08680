using DriftGuard.Core.Calibration;
using DriftGuard.Embedding;
using DriftGuard.Qdrant;
using DriftGuard.State;

namespace DriftGuard.Worker.Rollouts;

/// <summary>What the failure of a step means to people.</summary>
internal static class StepFailures
{
    /// <summary>The message says what to do; a stack trace would say nothing more.</summary>
    public static bool IsForPeople(Exception exception) => exception is
        OperatorException or ModelException or EmbeddingProviderException or CalibrationSetException or QdrantException or VectorException or StateException
        or TimeoutException or IOException or OperationCanceledException;

    /// <summary>The failure in a sentence.</summary>
    public static string Describe(Exception exception) =>
        IsForPeople(exception) ? exception.Message : $"unexpected error ({exception.GetType().Name}): {exception.Message}";
}
