using System.Globalization;
using DriftGuard.Core.Rollouts.Merging;
using DriftGuard.Core.Text;

namespace DriftGuard.Core.Rollouts;

/// <summary>What can be promised about writes around a switch.</summary>
public static class WriteGuarantees
{
    /// <summary>By what reached the old side since the last pass began.</summary>
    /// <param name="rollout">The rollout, its fence up if it has one.</param>
    /// <param name="pass">The last pass from the old side; null if there was none.</param>
    /// <param name="source">The old side.</param>
    /// <param name="foreign">Operations of others on it since then; null where they cannot be counted.</param>
    public static WriteGuarantee Of(Rollout rollout, CatchUpPass? pass, string source, ulong? foreign)
    {
        var held = rollout.Fence is { } fence && pass?.Fence == fence.Nonce;
        var quiet = pass is { FoundNothing: true };
        return (quiet, held, foreign) switch
        {
            (true, true, 0) => Exact(pass!,
                $"exact{(pass!.ByOutbox ? $", as far as applications write through {Way(rollout)}" : "")}: writes were held by the fence, and nothing reached {source} from the last pass to the switch"),
            (true, true, null) => Exact(pass!,
                $"exact, as far as applications write through {Way(rollout)}: writes were held by the fence; operations on {source} cannot be counted, as it has several shards"),
            (true, false, 0) => new(true, $"exact: nothing wrote to {source} from the last pass to the switch"),
            _ => new(false, string.Create(CultureInfo.InvariantCulture,
                $"best effort: {Operations(foreign)} reached {source}{(held ? " past the fence" : "")} after the last pass had begun; {rollout.WritesCarried} change(s) were carried over, "
                + $"{pass?.Changes ?? 0} of them by the last pass before the switch{(rollout.Fence is null ? $". Nothing held writes: have applications write through {Way(rollout)}" : "")}")),
        };
    }

    /// <summary>Of a switch that was made after the backup from which the state was restored.</summary>
    public static WriteGuarantee Found(Rollout rollout, string source) => new(false,
        $"best effort: the switch was made after the backup of {rollout.Restored?.TakenAt:u} from which the state was restored; whether writes to {source} were held was in the state that is gone");

    /// <summary>By how long strict mode held writes; it lets one operation a minute through.</summary>
    public static WriteGuarantee UnderStrictMode(Rollout rollout, CatchUpPass? pass, WriteFence fence, DateTimeOffset now)
    {
        var held = now - fence.RaisedAt;
        return pass is { FoundNothing: true } && pass.Fence == fence.Nonce && held >= TimeSpan.Zero && held < WriteFence.StrictModeHolds
            ? Exact(pass, $"exact: strict mode held all writes to {fence.Collection} for {DurationText.Format(held)}")
            : new(false, $"best effort: strict mode held writes to {fence.Collection} for {DurationText.Format(held)}, and lets one operation a minute through; {rollout.WritesCarried} change(s) were carried over");
    }

    /// <summary>After the merge of what was still written to the old side around the switch.</summary>
    /// <param name="before">What was said at the switch.</param>
    /// <param name="merge">The merge.</param>
    /// <param name="source">The old side.</param>
    public static WriteGuarantee Merged(WriteGuarantee before, LateWriteMerge merge, string source)
    {
        if (before.Exact && merge.Changes == 0 && merge.Parked == 0)
        {
            return before;
        }

        var parked = merge.Parked == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; {merge.Parked} text(s) could not be embedded");
        var carried = string.Create(CultureInfo.InvariantCulture,
            $"{merge.Changes} late write(s) to {source} were carried over by the merge after the switch: {merge.Edited} edited, {merge.Added} added, {merge.Deleted} deleted{parked}");
        return new(false, before.Exact ? $"best effort: {carried}" : $"{before.Message}; {carried}");
    }

    /// <summary>The ids at the switch are not on record any more, so that nothing tells late writes from writes to the new side.</summary>
    public static WriteGuarantee NotMerged(WriteGuarantee before, string source)
    {
        var why = $"late writes to {source} were not carried over, since the ids at the switch are not on record any more";
        return new(false, before.Exact ? $"best effort: {why}" : $"{before.Message}; {why}");
    }

    private static string Way(Rollout rollout) => rollout.Settings.Fence == FenceMode.Gateway ? "DriftGuard" : WriteFence.WriteAlias(rollout.Index);

    /// <summary>Where the last pass compared what the source or the outbox tells of, that is said.</summary>
    private static WriteGuarantee Exact(CatchUpPass pass, string message) => new(true, pass.ByOutbox
        ? $"{message}; the points that were written since everything was compared are those of the outbox"
        : pass.ChangesSince is { } since
        ? string.Create(CultureInfo.InvariantCulture, $"{message}; ids were compared in full, and of the points those that changed since {since:u} as the source tells")
        : message);

    private static string Operations(ulong? foreign) => foreign is { } n ? string.Create(CultureInfo.InvariantCulture, $"{n} operation(s)") : "an unknown number of operations";
}
