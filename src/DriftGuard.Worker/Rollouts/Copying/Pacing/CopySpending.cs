using DriftGuard.Core.Embedding;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Limits;
using DriftGuard.Embedding;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Rollouts.Copying.Pacing;

/// <summary>What a rollout has spent, by the tokens on record and the price that is configured now.</summary>
internal sealed class CopySpending(ModelPool models, DriftGuardOptions options)
{
    /// <summary>Reads; null where nothing is capped.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="limits">The limits in force.</param>
    /// <param name="partitions">What its partitions come to.</param>
    public RolloutSpending? Of(Rollout rollout, RolloutLimits limits, PartitionTotals partitions)
    {
        if (limits.Money is not { } cap)
        {
            return null;
        }

        var price = options.Models.PriceOf(rollout.ToModel);
        return new(
            TokensOf(rollout, partitions.Tokens),
            price?.PerMillionTokens ?? (IsCharged(rollout) ? null : 0),
            price?.Currency ?? "",
            cap);
    }

    /// <summary>The same; null also where nobody can tell: the model says whether it costs anything, and may be gone.</summary>
    public RolloutSpending? OfOrUnknown(Rollout rollout, RolloutLimits limits, PartitionTotals partitions)
    {
        try
        {
            return Of(rollout, limits, partitions);
        }
        catch (Exception failure) when (failure is ModelException or OperatorException)
        {
            return null;
        }
    }

    /// <summary>Tokens on record: those of the copying, and those of passes.</summary>
    public static long TokensOf(Rollout rollout, long ofPartitions) => ofPartitions + rollout.PassTokens;

    /// <summary>A model in the process costs nothing.</summary>
    private bool IsCharged(Rollout rollout) => rollout.Estimate?.Charged ?? models.Get(rollout.ToModel, rollout.ToFingerprint).Spec.Provider != ModelSpec.OnnxProvider;
}
