using CsCheck;
using static DriftGuard.Core.Tests.Rollouts.Protocol.Histories.Happening;

namespace DriftGuard.Core.Tests.Rollouts.Protocol.Histories;

/// <summary>Random histories.</summary>
internal static class HistoryGenerator
{
    private const int LongestHistory = 60;

    /// <summary>Arguments are below this; what one means depends on what happens.</summary>
    private const int Arguments = 32;

    /// <summary>Each as often as it stands here, so that a rollout gets somewhere in spite of everything.</summary>
    private static readonly Happening[] Weighted =
    [
        .. Enumerable.Repeat(Run, 24), .. Enumerable.Repeat(Write, 14), WriteUnanswered, WriteUnderWay, WriteUnderWay, Land,
        LoseAnswer, Refuse, Delay, Delay, Duplicate, HalfApply, Arrive, Arrive, Crash, Crash, Supersede, RunSuperseded, RunSuperseded, RunSuperseded,
        Pass, Pass, Pass, Ask, Ask, Happening.Gate, Worse, Repoint, Mend, Refer, Contend, Diverge, Diverge, Lag, Plan, Plan, SetText, SetText, SetVector, SetVector,
    ];

    // Half of all histories are of the kind in which nothing at all may be lost.
    private static readonly Circumstances[] Kinds =
    [
        new(true, false, false, false), new(false, false, false, false), new(true, false, false, false), new(false, false, false, false),
        new(true, false, false, false, ManyShards: true), new(false, false, false, false, ManyShards: true),
        new(true, false, false, false, DriftGuard: Share.Half), new(false, false, false, false, DriftGuard: Share.Half),
        new(true, false, false, false, DriftGuard: Share.All), new(false, false, false, false, DriftGuard: Share.All),
        new(true, false, false, false, ManyShards: true, DriftGuard: Share.All),
        new(true, true, false, false), new(false, true, false, false), new(true, false, true, false), new(true, false, false, true),
    ];

    private static readonly Gen<Choice> Choices =
        Gen.Select(Gen.Int[0, Weighted.Length - 1], Gen.Int[0, Arguments - 1], static (happening, argument) => new Choice(Weighted[happening], argument));

    public static readonly Gen<History> Any = Gen.Select(
        Gen.Int[0, Kinds.Length - 1], Choices.List[0, LongestHistory], static (kind, choices) => new History(Kinds[kind], choices));
}
