using System.ComponentModel.DataAnnotations;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Estimates;

namespace DriftGuard.Worker.Configuration;

/// <summary>How a rollout copies, waits and decides.</summary>
public sealed record RolloutOptions
{
    /// <summary>How many points are read, embedded and written at a time; 256 unless set.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; init; } = 256;

    /// <summary>Into how many partitions the ids are cut; 8 unless set.</summary>
    [Range(1, 100_000)]
    public int Partitions { get; init; } = 8;

    /// <summary>How many partitions one process copies at a time, until <c>rollout throttle</c> changes it; 2 unless set.</summary>
    [Range(1, 256)]
    public int ConcurrentPartitions { get; init; } = 2;

    /// <summary>The most points a second that a rollout re-embeds, in all processes together, until <c>rollout throttle</c> changes it; no limit unless set.</summary>
    [Range(1, 10_000_000)]
    public int? PointsPerSecond { get; init; }

    /// <summary>The other limits of a rollout, until <c>rollout throttle</c> changes them.</summary>
    public LimitsOptions Limits { get; init; } = new();

    /// <summary>How often a text that cannot be embedded is tried, alone, before it is parked; 3 unless set.</summary>
    [Range(1, 20)]
    public int ParkAfter { get; init; } = RolloutSettings.UsualTries;

    /// <summary>
    /// What holds applications' writes for the final pass: <c>alias</c> (they write through <c>INDEX-write</c>), <c>strictMode</c>, <c>gateway</c> (they
    /// write through DriftGuard alone), <c>none</c>, or <c>auto</c>: the alias where the index has one. <c>auto</c> unless set.
    /// </summary>
    public FenceMode Fence { get; init; } = FenceMode.Auto;

    /// <summary>How long writes may be held at a time; 1 minute unless set.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan FenceLimit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long blue is kept after cutover, for a rollback; 7 days unless set.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long blue is kept current after cutover, so that rollback loses nothing; 1 hour unless set.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan Soak { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Time between two looks at what serves, by the calibration set and by live searches, during the soak; 5 minutes unless set, and at most a quarter of the
    /// soak. Worse twice in a row goes back.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SoakCheck { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What of live searches is worse than before the cutover.</summary>
    public SoakLimitsOptions SoakLimits { get; init; } = new();

    /// <summary>
    /// The folder to which a snapshot of blue is copied, of each peer of Qdrant one, before blue is removed: the only step of a rollout that cannot be
    /// undone. Without it none is taken.
    /// </summary>
    public string? Snapshots { get; init; }

    /// <summary>Whether a person approves the cutover once the gate holds; <c>manual</c> unless set.</summary>
    public ApprovalMode Approval { get; init; } = ApprovalMode.Manual;

    /// <summary>The conditions that a rollout meets before cutover.</summary>
    public GateOptions Gate { get; init; } = new();

    /// <summary>What a rollout may take; a plan beyond it is not started unless told to.</summary>
    public BudgetOptions Budget { get; init; } = new();
}

/// <summary>How fast a rollout may use the provider, and what it may spend, in all processes together. What is not set is not limited.</summary>
public sealed record LimitsOptions
{
    /// <summary>Calls of the provider begun a minute.</summary>
    [Range(1.0, 1e9)]
    public double? CallsPerMinute { get; init; }

    /// <summary>Tokens embedded a minute.</summary>
    [Range(1.0, 1e12)]
    public double? TokensPerMinute { get; init; }

    /// <summary>Money that may be spent, in the currency of <c>models.prices</c>: the rollout pauses once that is reached, and goes on once it is raised.</summary>
    [Range(0.0, 1e12)]
    public double? Money { get; init; }
}

/// <summary>By how much live searches may be worse after a cutover than before it; a difference that may be an accident is not held against a rollout.</summary>
public sealed record SoakLimitsOptions
{
    /// <summary>By how much the share of searches that fail may rise; 0.01 unless set, 1 judges none.</summary>
    [Range(0.0, 1.0)]
    public double Errors { get; init; } = new SoakLimits().Errors;

    /// <summary>By how much the share of answers with nothing found may rise; 0.05 unless set, 1 judges none.</summary>
    [Range(0.0, 1.0)]
    public double Empty { get; init; } = new SoakLimits().Empty;

    /// <summary>How many times the old 95th percentile of the latency, embedding included, the new one may be; 2 unless set.</summary>
    [Range(1.0, 1e6)]
    public double LatencyRatio { get; init; } = new SoakLimits().LatencyRatio;

    /// <summary>So much longer it may be in any case; 50 ms unless set.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan LatencyMargin { get; init; } = new SoakLimits().LatencyMargin;
}

/// <summary>What a rollout may take. What is not set is not bounded.</summary>
public sealed record BudgetOptions
{
    /// <summary>Money, in the currency of <c>models.prices</c>.</summary>
    [Range(0.0, 1e12)]
    public double? Money { get; init; }

    /// <summary>Tokens to embed.</summary>
    [Range(0.0, 1e18)]
    public double? Tokens { get; init; }

    /// <summary>Hours of embedding, at the measured rate or at <c>rollout.pointsPerSecond</c>.</summary>
    [Range(0.0, 1e6)]
    public double? Hours { get; init; }

    /// <summary>Disk in Qdrant for green, beside blue, in GiB.</summary>
    [Range(0.0, 1e9)]
    public double? DiskGiB { get; init; }

    /// <summary>Memory in Qdrant for green, beside blue, in GiB.</summary>
    [Range(0.0, 1e9)]
    public double? MemoryGiB { get; init; }

    /// <summary>The budget; null where nothing is bounded.</summary>
    public RolloutBudget? ToBudget()
    {
        var budget = new RolloutBudget { Money = Money, Tokens = Tokens, Hours = Hours, DiskGiB = DiskGiB, MemoryGiB = MemoryGiB };
        return budget.IsUnbounded ? null : budget;
    }
}

/// <summary>Who says that a rollout may cut over once the gate holds.</summary>
public enum ApprovalMode
{
    /// <summary>The rollout waits until somebody approves it.</summary>
    Manual,

    /// <summary>A gate that holds is enough.</summary>
    Automatic,
}
