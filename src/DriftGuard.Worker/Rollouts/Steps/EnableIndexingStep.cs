using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>Sets the indexing threshold to blue's: an explicit number, since null would change nothing and leave it off.</summary>
internal sealed class EnableIndexingStep(QdrantStore qdrant) : IRolloutStep
{
    /// <summary>Qdrant's own default, in kilobytes of vectors a segment.</summary>
    private const ulong DefaultThreshold = 10_000;

    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.EnableIndexing];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var blue = await qdrant.FindCollectionAsync(seen.Rollout.Blue, cancellation);
        var threshold = blue?.IndexingThreshold is > 0 and { } number ? number : DefaultThreshold;
        await qdrant.SetIndexingThresholdAsync(seen.Rollout.Green, threshold, cancellation);
        return seen.Rollout with { IndexingEnabled = true };
    }
}
