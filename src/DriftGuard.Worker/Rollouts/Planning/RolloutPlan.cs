using DriftGuard.Core.Calibration;
using DriftGuard.Core.Embedding;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Estimates;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Rollouts.Planning;

/// <summary>A rollout that was checked and not recorded yet.</summary>
/// <param name="Index">The index as it is served.</param>
/// <param name="Set">The calibration set that decides.</param>
/// <param name="Labels">Relevant documents that are not in the corpus.</param>
/// <param name="From">What embeds queries of the side that serves: its own model, or where that is gone the bridge over which users' queries go.</param>
/// <param name="To">The model to change to.</param>
/// <param name="Settings">What is asked.</param>
public sealed record RolloutPlan(ServingIndex Index, CalibrationSet Set, StaleLabels Labels, ITextEmbedder From, ITextEmbedder To, RolloutSettings Settings)
{
    /// <summary>Name of the model that made the vectors that serve.</summary>
    public string FromModel => Index.RequireModel();

    /// <summary>That model's fingerprint.</summary>
    public Fingerprint FromFingerprint => Fingerprint.Parse(Index.Fingerprint!);

    /// <summary>What is to be known of the side that serves; empty where its own model is there.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What its starter calls it; null where nothing was said.</summary>
    public string? Reference { get; init; }

    /// <summary>Points to embed, as Qdrant counts them without looking.</summary>
    public ulong Points => Index.State.PointsCount;

    /// <summary>What it takes; null where it was not measured.</summary>
    public RolloutEstimate? Estimate { get; init; }

    /// <summary>What of the estimate goes beyond the budget; empty where nothing was measured or bounded.</summary>
    public IReadOnlyList<BudgetExcess> Excesses { get; init; } = [];
}
