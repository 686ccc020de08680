using System.Collections.Concurrent;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;

namespace DriftGuard.Worker.Rollouts;

/// <summary>
/// Until when a write of a rollout may still be applied: one of this process that had no answer, or any that another process had under way
/// when this one took over. The final pass comes after that.
/// </summary>
internal sealed class LateWrites(QdrantStore qdrant, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> takenOver = new(StringComparer.Ordinal);

    /// <summary>The rollout with what is known of late writes. What this process knows another one need not: it takes over in its turn.</summary>
    public Rollout Note(Rollout rollout)
    {
        var now = time.GetUtcNow();
        var until = takenOver.GetOrAdd(rollout.Id, _ => rollout.Phase == RolloutPhase.Planned ? now : now + qdrant.WriteTimeout);
        until = qdrant.UnsettledUntil is { } unsettled && unsettled > until ? unsettled : until;
        return until > now && !(rollout.LateWritesUntil >= until) ? rollout with { LateWritesUntil = until } : rollout;
    }
}
