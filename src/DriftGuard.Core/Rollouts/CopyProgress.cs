using DriftGuard.Core.Rollouts.Estimates;
using DriftGuard.Core.Rollouts.Limits;

namespace DriftGuard.Core.Rollouts;

/// <summary>How the copying goes, as it was last looked at: what an estimate of its end rests on, and what slows it down.</summary>
/// <param name="Total">Points to copy, as counted when it began.</param>
/// <param name="Limits">The limits that were in force.</param>
/// <param name="Slowdown">What slows it down, in words; null where nothing does.</param>
/// <param name="Samples">Points copied at moments about <see cref="Interval"/> apart, oldest first, all under these limits.</param>
public sealed record CopyProgress(long Total, RolloutLimits Limits, string? Slowdown, IReadOnlyList<ProgressSample> Samples)
{
    /// <summary>The time between two samples.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Five minutes: long enough to average over, short enough to follow what changes.</summary>
    private const int MostSamples = 60;

    /// <summary>A longer silence was a pause, and no slow copying.</summary>
    private static readonly TimeSpan Pause = 4 * Interval;

    /// <summary>How long the rest takes; null where too little was seen.</summary>
    public RemainingTime? Left => Samples.Count == 0 ? null : RemainingTime.Of(Samples, Total - Samples[^1].Done);

    /// <summary>The progress with a look of now; the same one where it is too early for another sample and nothing else changed.</summary>
    public CopyProgress Seen(ProgressSample now, RolloutLimits limits, string? slowdown)
    {
        TimeSpan? since = Samples.Count > 0 ? now.At - Samples[^1].At : null;
        var anew = limits != Limits || since > Pause || since < TimeSpan.Zero; // a clock was set back: what it said before is of no use
        if (!anew && since < Interval)
        {
            return this;
        }

        return new(Total, limits, slowdown, anew ? [now] : [.. Samples.TakeLast(MostSamples - 1), now]);
    }
}
