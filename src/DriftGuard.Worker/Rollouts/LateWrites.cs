using System.Collections.Concurrent;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;

namespace DriftGuard.Worker.Rollouts;

/// <summary>
/// Until when a write of a rollout may still be applied: one of this process that had no answer, or any that another process had under way
/// when this one took over. The final pass comes after that. How long that is, is measured by a clock that cannot jump; only the time that is
/// recorded is of the one that can.
/// </summary>
internal sealed class LateWrites(QdrantStore qdrant, TimeProvider time) : IRolloutMemory
{
    /// <summary>What is recorded lies this much later, so that a clock which is being corrected does not have it recorded anew at every look.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(500);

    // When this process took a rollout over; null where it has it from its beginning, and nobody has written for it before.
    private readonly ConcurrentDictionary<string, long?> takenOver = new(StringComparer.Ordinal);

    /// <summary>The rollout with what is known of late writes. What this process knows another one need not: it takes over in its turn.</summary>
    public Rollout Note(Rollout rollout)
    {
        var left = Longer(LeftOfTakingOver(rollout), qdrant.UnsettledFor);
        if (left <= TimeSpan.Zero)
        {
            return rollout;
        }

        var now = time.GetUtcNow();
        var isRecorded = rollout.LateWritesUntil >= now + left && rollout.LateWritesUntil <= now + RolloutDecider.LongestLateness;
        return isRecorded ? rollout : rollout with { LateWritesUntil = now + left + Slack };
    }

    /// <inheritdoc/>
    public void Forget(string rolloutId) => takenOver.TryRemove(rolloutId, out _);

    private TimeSpan LeftOfTakingOver(Rollout rollout)
    {
        var since = takenOver.GetOrAdd(rollout.Id, _ => rollout.Phase == RolloutPhase.Planned ? null : time.GetTimestamp());
        return since is { } began ? qdrant.WriteTimeout - time.GetElapsedTime(began) : TimeSpan.Zero;
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
