using DriftGuard.Operator.Resources;
using DriftGuard.Worker.Indexes;
using Installed = DriftGuard.Core.Rollouts.Rollout;

namespace DriftGuard.Operator.Reconciling;

/// <summary>What was seen of an index, in the cluster and in the installation.</summary>
/// <param name="Resource">What is declared.</param>
internal sealed record IndexSeen(EmbeddingIndex Resource)
{
    /// <summary>The model that it names; null where there is no such resource.</summary>
    public EmbeddingModel? Model { get; init; }

    /// <summary>The calibration set that it names; null where it names none, or there is no such resource.</summary>
    public CalibrationSet? Set { get; init; }

    /// <summary>An older resource that declares the same index; null where there is none.</summary>
    public string? ClaimedBy { get; init; }

    /// <summary>The index in the installation; null where there is none.</summary>
    public IndexView? Index { get; init; }

    /// <summary>The Rollouts of the cluster that belong to it.</summary>
    public IReadOnlyList<Rollout> Declared { get; init; } = [];

    /// <summary>Its rollouts in the installation, oldest first.</summary>
    public IReadOnlyList<Installed> Rollouts { get; init; } = [];

    /// <summary>Why the installation could not be asked; null where it was.</summary>
    public string? Unreachable { get; init; }

    /// <summary>The rollout that has not ended; null where all have.</summary>
    public Installed? Open => Rollouts.LastOrDefault(rollout => rollout.EndedAt is null);

    /// <summary>The Rollout of the cluster that a rollout of the installation is; null where it was started past the cluster.</summary>
    public Rollout? DeclarationOf(Installed rollout) => Declared.FirstOrDefault(declared => RolloutDecider.IsThe(declared, rollout));

    /// <summary>The rollout of the installation that a Rollout of the cluster is; null where it was not started, or is gone.</summary>
    public Installed? StartedFor(Rollout declared) => Rollouts.FirstOrDefault(rollout => RolloutDecider.IsThe(declared, rollout));
}
