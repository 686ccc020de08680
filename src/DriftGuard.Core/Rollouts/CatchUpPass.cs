using DriftGuard.Core.Rollouts.Merging;

namespace DriftGuard.Core.Rollouts;

/// <summary>One comparison of two collections in id order, with what it carried over.</summary>
/// <param name="Number">Counts up within the rollout, from 1.</param>
/// <param name="Round">Counts up while passes follow each other in one direction with no evaluation of the gate between them, from 1.</param>
/// <param name="Source">The side that is the truth in this pass.</param>
/// <param name="Compared">Ids seen on either side.</param>
/// <param name="Embedded">Points embedded and written: missing, edited or wrongly stamped ones.</param>
/// <param name="PayloadOnly">Points whose payload alone was overwritten.</param>
/// <param name="Deleted">Points deleted on the other side.</param>
/// <param name="Parked">Points that could not be embedded.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it ended.</param>
public sealed record CatchUpPass(
    int Number,
    int Round,
    Side Source,
    long Compared,
    long Embedded,
    long PayloadOnly,
    long Deleted,
    long Parked,
    DateTimeOffset StartedAt,
    DateTimeOffset FinishedAt)
{
    /// <summary>Nonce of the fence under which it ran from its beginning; null where writes went on.</summary>
    public string? Fence { get; init; }

    /// <summary>Operation counter of the source when it began; null if it cannot be known.</summary>
    public ulong? Marker { get; init; }

    /// <summary>Operations of others that reached the source since it began, as far as was looked before the switch.</summary>
    public ulong Disturbed { get; init; }

    /// <summary>The ids that it saw on the source, as they are kept for the merge after the switch; null where none are wanted.</summary>
    public KeptIds? Ids { get; init; }

    /// <summary>It found nothing, and nothing is known to have come since.</summary>
    public bool FoundNothing => Changes == 0 && Disturbed == 0;

    /// <summary>Differences that this pass found and carried over.</summary>
    public long Changes => Embedded + PayloadOnly + Deleted;

    /// <summary>The pass that begins now, from the side that serves.</summary>
    /// <param name="seen">What was observed before it.</param>
    /// <param name="marker">Operation counter of the source now; null if it cannot be known.</param>
    /// <param name="now">When.</param>
    public static CatchUpPass Begin(RolloutObservation seen, ulong? marker, DateTimeOffset now)
    {
        var rollout = seen.Rollout;
        var source = rollout.Serving;
        var previous = rollout.LastPass?.Source == source ? rollout.LastPass : null;
        var sameSeries = previous is not null && (source == Side.Green || !(rollout.Gate?.AfterPass >= previous.Number));
        return new((previous?.Number ?? 0) + 1, sameSeries ? previous!.Round + 1 : 1, source, 0, 0, 0, 0, 0, now, default)
        {
            Fence = rollout.Fence is { } fence && seen.Fence.IsUp(fence) ? fence.Nonce : null,
            Marker = marker,
        };
    }
}
