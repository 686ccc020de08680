using DriftGuard.Core.Gate;
using DriftGuard.Core.Rollouts;

namespace DriftGuard.Core.Tests.Rollouts;

/// <summary>A rollout of the index "docs" and the observations around it, as tests start from them.</summary>
internal static class RolloutExample
{
    public const string Blue = "docs-aaaaaaaa-000000000001";
    public const string Green = "docs-bbbbbbbb-000000000002";

    public static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    public static readonly EpochToken Token = new("docs", 7, "n1");

    public static Rollout Planned(RolloutSettings? settings = null) => new()
    {
        Id = "docs-r1",
        Index = "docs",
        FromModel = "old",
        FromFingerprint = new string('a', 64),
        ToModel = "new",
        ToFingerprint = new string('b', 64),
        Blue = Blue,
        Green = Green,
        CalibrationSet = "set",
        Settings = settings ?? new(),
        CreatedAt = Start,
        ExpectedToken = Token,
    };

    public static CatchUpPass Pass(DateTimeOffset at, long changes = 0, int round = 1, Side source = Side.Blue) =>
        new(round, round, source, 100, changes, 0, 0, 0, at, at);

    public static GateOutcome Gate(GateDecision decision, DateTimeOffset at) => new(decision, "figures", "evaluation", at);

    /// <summary>Copied, indexed, judged: everything before the final pass.</summary>
    public static Rollout Judged(GateDecision decision = GateDecision.Passed, RolloutSettings? settings = null) => Planned(settings) with
    {
        Preflight = new(false, "", null),
        GreenCreated = true,
        PartitionsPlanned = 4,
        LastPass = Pass(Start),
        IndexingEnabled = true,
        Gate = Gate(decision, Start),
    };

    public static Rollout CutOver(RolloutSettings? settings = null) => Judged(settings: settings) with
    {
        Serving = Side.Green,
        ExpectedToken = Token with { Epoch = 8, Nonce = "n2" },
        Switch = new(Side.Green, Token, Token with { Epoch = 8, Nonce = "n2" }, Start, SwitchOutcome.Applied),
        CutOverAt = Start,
    };

    /// <summary>A check of the soak by the labels, with no word of live searches.</summary>
    public static SoakOutcome Soak(SoakOutcome? before, SoakVerdict verdict, DateTimeOffset at) =>
        SoakOutcome.Of(SoakTally.After(before?.Labels, verdict, "labels"), SoakTally.After(before?.Live, SoakVerdict.Inconclusive, "no searches"), at);

    public static RolloutObservation See(Rollout rollout, DateTimeOffset? now = null)
    {
        var serving = rollout.Serving == Side.Green ? Green : Blue;
        return new()
        {
            Now = now ?? Start,
            Rollout = rollout,
            IndexTarget = serving,
            Tokens = [new(rollout.ExpectedToken, serving)],
            BlueExists = true,
            GreenExists = rollout.GreenCreated,
            PartitionsDone = rollout.PartitionsPlanned,
            Readiness = new(true, "ready"),
        };
    }
}
