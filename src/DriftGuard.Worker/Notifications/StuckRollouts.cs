using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Text;

namespace DriftGuard.Worker.Notifications;

/// <summary>Tells which rollouts do not come on, by the bounds of the alarm. How long copying stands still is known from when this process began to look.</summary>
internal sealed class StuckRollouts(TimeProvider time)
{
    private const int ManyFailures = 10;
    private static readonly TimeSpan Soon = TimeSpan.FromHours(1);
    private static readonly TimeSpan Late = TimeSpan.FromHours(12);
    private static readonly TimeSpan Still = TimeSpan.FromMinutes(30);

    private readonly Dictionary<string, (long Copied, long Since)> _copied = new(StringComparer.Ordinal);

    /// <summary>Forgets all others.</summary>
    public void Keep(IReadOnlyCollection<Rollout> rollouts)
    {
        foreach (var gone in _copied.Keys.Except(rollouts.Select(rollout => rollout.Id), StringComparer.Ordinal).ToList())
        {
            _copied.Remove(gone);
        }
    }

    /// <summary>Why it does not come on; null where it does.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="copied">Points that its partitions have copied.</param>
    public string? Why(Rollout rollout, long copied)
    {
        var age = time.GetUtcNow() - rollout.PhaseSince;
        if (rollout.LastFailure is { InARow: >= ManyFailures } failure)
        {
            return $"Its step has failed {failure.InARow} times in a row: {failure.Message}";
        }

        if (!_copied.TryGetValue(rollout.Id, out var before) || before.Copied != copied || rollout.Phase != RolloutPhase.Copying)
        {
            _copied[rollout.Id] = before = (copied, time.GetTimestamp());
        }

        return rollout.Phase switch
        {
            RolloutPhase.Planned or RolloutPhase.Preflight or RolloutPhase.Provisioning or RolloutPhase.Evaluating or RolloutPhase.CuttingOver or RolloutPhase.RollingBack when age > Soon => $"It has been {rollout.Phase} for {Text(age)}.",
            RolloutPhase.CatchingUp or RolloutPhase.Indexing when age > Late => $"It has been {rollout.Phase} for {Text(age)}.",
            RolloutPhase.Copying when time.GetElapsedTime(before.Since) >= Still => $"It has copied nothing for {Text(time.GetElapsedTime(before.Since))}.",
            _ => null,
        };
    }

    private static string Text(TimeSpan time) => DurationText.Format(TimeSpan.FromMinutes(Math.Floor(time.TotalMinutes)));
}
