using DriftGuard.Core.Rollouts.Estimates;
using DriftGuard.Core.Rollouts.Limits;

namespace DriftGuard.Core.Rollouts;

/// <summary>What a rollout was asked to do, fixed when it is planned.</summary>
public sealed record RolloutSettings
{
    /// <summary>Score a sub-corpus first and stop a hopeless candidate there.</summary>
    public bool Preflight { get; init; } = true;

    /// <summary>Wait for a person's approval once the gate has passed.</summary>
    public bool RequireApproval { get; init; }

    /// <summary>How long green is watched, and blue kept ready for an automatic way back.</summary>
    public TimeSpan Soak { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Time between two scorings of the calibration set during the soak.</summary>
    public TimeSpan SoakCheckInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The same, but at least four scorings in a soak: a breach takes two.</summary>
    public TimeSpan EffectiveSoakCheckInterval => SoakCheckInterval < Soak / 4 ? SoakCheckInterval : Soak / 4;

    /// <summary>What of live searches is worse than before the cutover.</summary>
    public SoakLimits SoakLimits { get; init; } = new();

    /// <summary>The folder that a snapshot of the collection that no longer serves is copied to before it is removed; null takes none.</summary>
    public string? SnapshotFolder { get; init; }

    /// <summary>How long the collection that no longer serves is kept before it is removed.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Number of partitions the corpus is copied in; 0 chooses by the number of points.</summary>
    public int Partitions { get; init; }

    /// <summary>Points read, embedded and written at a time.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Partitions that one process copies at the same time, until somebody changes it.</summary>
    public int ConcurrentPartitions { get; init; } = 2;

    /// <summary>Limit on copied points a second, until somebody changes it; null for none.</summary>
    public double? PointsPerSecond { get; init; }

    /// <summary>Limit on calls of the provider a minute, until somebody changes it; null for none.</summary>
    public double? CallsPerMinute { get; init; }

    /// <summary>Limit on tokens a minute, until somebody changes it; null for none.</summary>
    public double? TokensPerMinute { get; init; }

    /// <summary>The spending cap, in the currency of the model's price, until somebody changes it; null for none.</summary>
    public double? MoneyCap { get; init; }

    /// <summary>How often a text is tried before it is parked, unless somebody says otherwise: what passes does so by the second or third time.</summary>
    public const int UsualTries = 3;

    /// <summary>How often a text is tried before it is parked.</summary>
    public int ParkAfter { get; init; } = UsualTries;

    /// <summary>The limits as they were planned.</summary>
    public RolloutLimits Limits => new()
    {
        PointsPerSecond = PointsPerSecond,
        ConcurrentPartitions = ConcurrentPartitions,
        CallsPerMinute = CallsPerMinute,
        TokensPerMinute = TokensPerMinute,
        Money = MoneyCap,
    };

    /// <summary>What holds applications' writes for the final pass.</summary>
    public FenceMode Fence { get; init; }

    /// <summary>How long writes may be held; a fence under which no pass comes out empty by then is lowered, and raised again later.</summary>
    public TimeSpan FenceLimit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The gate's thresholds.</summary>
    public GateSettings Gate { get; init; } = new();

    /// <summary>What the rollout may take, held against the estimate before it starts; null where nothing is bounded.</summary>
    public RolloutBudget? Budget { get; init; }
}

/// <summary>Thresholds of the gate.</summary>
public sealed record GateSettings
{
    /// <summary>Largest acceptable loss of a metric's mean; null chooses by the number of queries (.03 by default).</summary>
    public double? Margin { get; init; }

    /// <summary>A loss below this is not called worse.</summary>
    public double Epsilon { get; init; } = .005;

    /// <summary>Compare the plain means instead of the statistical rule.</summary>
    public bool PointRule { get; init; }

    /// <summary>Metrics that must all match or beat, by name; none: those of the calibration set, filled in when the rollout is planned.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = ["recall_cap@10", "ndcg@10"];

    /// <summary>Least mean share of exact results that approximate search must return.</summary>
    public double AnnRecallFloor { get; init; } = .95;

    /// <summary>Share of blue's points that may stand parked, since their text cannot be embedded, and be missing after the cutover.</summary>
    public double ParkedShare { get; init; }

    /// <summary>Largest acceptable 95th percentile of green's search latency as a multiple of blue's; null does not judge it.</summary>
    public double? LatencyRatioCeiling { get; init; }
}
