using DriftGuard.Core.Calibration;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Rollouts;

/// <summary>A rollout that was checked and not recorded yet.</summary>
/// <param name="Index">The index as it is served.</param>
/// <param name="Set">The calibration set that decides.</param>
/// <param name="Labels">Relevant documents that are not in the corpus.</param>
/// <param name="From">The model that serves.</param>
/// <param name="To">The model to change to.</param>
/// <param name="Settings">What is asked.</param>
public sealed record RolloutPlan(ServingIndex Index, CalibrationSet Set, StaleLabels Labels, ITextEmbedder From, ITextEmbedder To, RolloutSettings Settings)
{
    /// <summary>Points to embed.</summary>
    public ulong Points => Index.State.PointsCount;

    /// <summary>Least memory of green's vectors in Qdrant, in bytes: 4 a dimension and point, half as much again for the graph and ids.</summary>
    public ulong GreenBytes => Points * (ulong)To.Spec.Dimensions * 4 * 3 / 2;
}
