using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Merging;
using DriftGuard.Core.Rollouts.Proof;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Points;

namespace DriftGuard.Worker.Rollouts.Merging;

/// <summary>Keeps the ids that a pass sees on the side that serves, as they go by in their order.</summary>
/// <param name="qdrant">Where the collections are.</param>
/// <param name="state">Where they are kept.</param>
/// <param name="revisions">Of what the pass writes.</param>
/// <param name="rolloutId">The rollout.</param>
/// <param name="source">The collection that serves.</param>
/// <param name="pass">The pass.</param>
internal sealed class IdKeeper(QdrantStore qdrant, StateStore state, RevisionSource revisions, string rolloutId, string source, CatchUpPass pass)
{
    private readonly SwitchIds kept = new(state, rolloutId);
    private readonly IdSetWriter writer = new();
    private int parts;

    /// <summary>Whether a pass may be the last before a switch, and nothing holds writes until then.</summary>
    public static bool IsWanted(RolloutObservation seen) =>
        seen.Rollout.Phase is RolloutPhase.CuttingOver or RolloutPhase.RollingBack && RolloutDecider.FenceKindOf(seen) is null;

    /// <summary>Takes in the next point, if the source has it. Absence is never read from one scroll.</summary>
    public async ValueTask TakeAsync(ComparedPoint compared, CancellationToken cancellation)
    {
        if (compared.Source is null && (await qdrant.RetrieveAsync(source, [compared.Id], ReadShape.Ids, cancellation)).Count == 0)
        {
            return;
        }

        if (writer.IsFull)
        {
            await SaveAsync(cancellation);
        }

        writer.Add(compared.Id);
    }

    /// <summary>Keeps the last of them, once the pass has written what it found.</summary>
    public async Task<KeptIds> FinishAsync(CancellationToken cancellation)
    {
        await SaveAsync(cancellation);
        return new(parts, pass.StartedAt, (await revisions.NextAsync(cancellation)).Value);
    }

    private Task SaveAsync(CancellationToken cancellation) => kept.SaveAsync(pass.StartedAt, parts++, writer.Take(), cancellation);
}
