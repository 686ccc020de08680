using DriftGuard.Core.Calibration;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Estimates;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Rollouts.Planning;

/// <summary>A rollout that was checked and not recorded yet.</summary>
/// <param name="Index">The index as it is served.</param>
/// <param name="Set">The calibration set that decides.</param>
/// <param name="Labels">Relevant documents that are not in the corpus.</param>
/// <param name="From">The model that serves.</param>
/// <param name="To">The model to change to.</param>
/// <param name="Settings">What is asked.</param>
public sealed record RolloutPlan(ServingIndex Index, CalibrationSet Set, StaleLabels Labels, ITextEmbedder From, ITextEmbedder To, RolloutSettings Settings)
{
    /// <summary>Points to embed, as Qdrant counts them without looking.</summary>
    public ulong Points => Index.State.PointsCount;

    /// <summary>What it takes; null where it was not measured.</summary>
    public RolloutEstimate? Estimate { get; init; }

    /// <summary>What of the estimate goes beyond the budget; empty where nothing was measured or bounded.</summary>
    public IReadOnlyList<BudgetExcess> Excesses { get; init; } = [];
}
