using DriftGuard.Core.Rollouts.Merging;

namespace DriftGuard.Core.Rollouts;

/// <summary>One comparison of two collections in id order, with what it carried over.</summary>
/// <param name="Number">Counts up within the rollout, from 1.</param>
/// <param name="Round">Counts up while passes follow each other in one direction with no evaluation of the gate between them, from 1; one that keeps blue current is alone.</param>
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
    /// <summary>
    /// Changes are asked for from so long before: clocks of writers differ from ours, and what is written in a transaction is seen once that ends.
    /// </summary>
    public static readonly TimeSpan ClocksApart = TimeSpan.FromMinutes(10);

    /// <summary>Where comparing everything took more than this share of what a fence may last, only what changed is compared under it.</summary>
    private const double ShareOfTheFence = .25;

    /// <summary>Nonce of the fence under which it ran from its beginning; null where writes went on.</summary>
    public string? Fence { get; init; }

    /// <summary>It ran in the soak to keep blue current, and belongs to no series of passes that lead to a switch.</summary>
    public bool KeepsCurrent { get; init; }

    /// <summary>Sequence of the latest request that had been seen when it began.</summary>
    public long AfterRequest { get; init; }

    /// <summary>Operation counter of the source when it began; null if it cannot be known.</summary>
    public ulong? Marker { get; init; }

    /// <summary>Operations of others that reached the source since it began, as far as was looked before the switch.</summary>
    public ulong Disturbed { get; init; }

    /// <summary>
    /// Since when the source was asked for changes, everything having been compared before; null where this pass compared everything itself.
    /// </summary>
    public DateTimeOffset? ChangesSince { get; init; }

    /// <summary>It compared the points alone that the outbox of writes through DriftGuard holds, everything having been compared before.</summary>
    public bool ByOutbox { get; init; }

    /// <summary>Changes that passes found by comparing everything and of which the source did not tell: it is not relied on then.</summary>
    public long Untold { get; init; }

    /// <summary>It is the first since the state was restored from a backup, so that the outbox lacks what was written in between.</summary>
    public bool OutboxLags { get; init; }

    /// <summary>The ids that it saw on the source, as they are kept for the merge after the switch; null where none are wanted.</summary>
    public KeptIds? Ids { get; init; }

    /// <summary>It found nothing, and nothing is known to have come since.</summary>
    public bool FoundNothing => Changes == 0 && Disturbed == 0;

    /// <summary>Differences that this pass found and carried over.</summary>
    public long Changes => Embedded + PayloadOnly + Deleted;

    /// <summary>The pass that begins now, from the side that serves.</summary>
    /// <param name="seen">What was observed before it.</param>
    /// <param name="marker">Operation counter of the source now; null if it cannot be known.</param>
    /// <param name="knowsChanges">Whether the source of the texts can tell what changed since a time.</param>
    /// <param name="now">When.</param>
    public static CatchUpPass Begin(RolloutObservation seen, ulong? marker, bool knowsChanges, DateTimeOffset now)
    {
        var rollout = seen.Rollout;
        var source = rollout.Serving;
        var previous = Before(rollout);
        var keeps = rollout.Phase == RolloutPhase.Soaking;
        var sameSeries = previous is not null && (source == Side.Green ? !keeps && !previous.KeepsCurrent : !(rollout.Gate?.AfterPass >= previous.Number));
        var held = rollout.Fence is { } fence && seen.Fence.IsUp(fence);
        var since = held && (knowsChanges || HasOutbox(seen)) ? ChangesToAskFor(previous, rollout.Settings.FenceLimit, now) : null;
        return new((previous?.Number ?? 0) + 1, sameSeries ? previous!.Round + 1 : 1, source, 0, 0, 0, 0, 0, now, default)
        {
            Fence = held ? rollout.Fence!.Nonce : null,
            AfterRequest = seen.Requests.Latest,
            KeepsCurrent = keeps,
            Marker = marker,
            ChangesSince = since,
            ByOutbox = since is not null && HasOutbox(seen),
            Untold = previous?.Untold ?? rollout.Restored?.Untold ?? 0,
            OutboxLags = previous is null && rollout.Restored is { } restored && !(rollout.CutOverAt > restored.At),
        };
    }

    /// <summary>A time before the first change that a pass over everything can find which begins after what is recorded.</summary>
    public static DateTimeOffset FirstChangeAfter(Rollout rollout) =>
        (Before(rollout)?.StartedAt ?? (rollout.Serving == Side.Blue ? rollout.CreatedAt : rollout.CutOverAt!.Value)) - ClocksApart;

    /// <summary>Whether everything is written through DriftGuard, as far as is known, so that its outbox tells what was.</summary>
    public static bool HasOutbox(RolloutObservation seen) => RolloutDecider.FenceKindOf(seen) == FenceKind.Gateway;

    private static CatchUpPass? Before(Rollout rollout) => rollout.LastPass?.Source == rollout.Serving ? rollout.LastPass : null;

    /// <summary>
    /// Comparing everything proves most, so it is done under the fence too where it was quick enough. A clock that was set in between tells nothing.
    /// </summary>
    private static DateTimeOffset? ChangesToAskFor(CatchUpPass? previous, TimeSpan fenceLimit, DateTimeOffset now) => previous switch
    {
        null or { Untold: > 0 } => null,
        { ChangesSince: { } since } => since,
        _ when previous.StartedAt > previous.FinishedAt || previous.FinishedAt > now => null,
        _ => previous.FinishedAt - previous.StartedAt > fenceLimit * ShareOfTheFence ? previous.StartedAt - ClocksApart : null,
    };
}
