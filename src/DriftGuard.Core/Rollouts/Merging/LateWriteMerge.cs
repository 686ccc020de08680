namespace DriftGuard.Core.Rollouts.Merging;

/// <summary>The ids that the last pass before a switch saw on the side that served, as they are kept for the merge after it.</summary>
/// <param name="Parts">The parts that they are kept in.</param>
/// <param name="Of">When that pass began: each part says so, and one of another pass is not taken for one of this.</param>
/// <param name="Revision">Nothing of what the pass wrote, or was written before it, has a higher revision.</param>
public sealed record KeptIds(int Parts, DateTimeOffset Of, long Revision);

/// <summary>
/// What is still written to the old side around a switch without a fence is carried over once, after writers have had time to notice: by a three-way
/// merge, since both sides may have changed. It is recorded batch by batch, so that one that was cut off goes on where it stood.
/// </summary>
/// <param name="Base">The ids at the switch; with the new side's stamps, what both sides held then.</param>
/// <param name="DueAt">When writers have had time to notice the switch.</param>
public sealed record LateWriteMerge(KeptIds Base, DateTimeOffset DueAt)
{
    /// <summary>Writers are given no longer than this to notice.</summary>
    public static readonly TimeSpan LongestNotice = TimeSpan.FromMinutes(1);

    /// <summary>The first id that is not merged yet, as Qdrant prints it; null before any is.</summary>
    public string? Cursor { get; init; }

    /// <summary>Points whose text or payload was changed late.</summary>
    public long Edited { get; init; }

    /// <summary>Points that were added late.</summary>
    public long Added { get; init; }

    /// <summary>Points that were deleted late.</summary>
    public long Deleted { get; init; }

    /// <summary>Points whose late text could not be embedded.</summary>
    public long Parked { get; init; }

    /// <summary>When it came to its end; null while it has not.</summary>
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>Late writes that it carried over.</summary>
    public long Changes => Edited + Added + Deleted;

    /// <summary>The one that a switch asks for; null where a fence held writes, or no ids were kept.</summary>
    /// <param name="rollout">The rollout before the switch is confirmed.</param>
    /// <param name="to">The side that serves now.</param>
    /// <param name="now">When the switch is confirmed.</param>
    public static LateWriteMerge? After(Rollout rollout, Side to, DateTimeOffset now) =>
        rollout.LastPass is { Ids: { } ids } pass && pass.Source != to ? new(ids, now + TimeToNotice(rollout.Settings)) : null;

    /// <summary>The merge comes before the first check of the soak; without a soak nothing is waited for.</summary>
    private static TimeSpan TimeToNotice(RolloutSettings settings) =>
        settings.EffectiveSoakCheckInterval < LongestNotice ? settings.EffectiveSoakCheckInterval : LongestNotice;
}
