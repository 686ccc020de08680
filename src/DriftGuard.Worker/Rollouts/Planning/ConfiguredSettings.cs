using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Configuration;

namespace DriftGuard.Worker.Rollouts.Planning;

/// <summary>What a rollout is asked where nobody says anything else.</summary>
public static class ConfiguredSettings
{
    /// <summary>A rollout's settings from the configuration.</summary>
    public static RolloutSettings Of(RolloutOptions options) => new()
    {
        RequireApproval = options.Approval == ApprovalMode.Manual,
        Soak = options.Soak,
        SoakCheckInterval = options.SoakCheck,
        SoakLimits = new()
        {
            Errors = options.SoakLimits.Errors,
            Empty = options.SoakLimits.Empty,
            LatencyRatio = options.SoakLimits.LatencyRatio,
            LatencyMargin = options.SoakLimits.LatencyMargin,
        },
        SnapshotFolder = options.Snapshots,
        Retention = options.Retention,
        Partitions = options.Partitions,
        BatchSize = options.BatchSize,
        ConcurrentPartitions = options.ConcurrentPartitions,
        PointsPerSecond = options.PointsPerSecond,
        CallsPerMinute = options.Limits.CallsPerMinute,
        TokensPerMinute = options.Limits.TokensPerMinute,
        MoneyCap = options.Limits.Money,
        ParkAfter = options.ParkAfter,
        Fence = options.Fence,
        FenceLimit = options.FenceLimit,
        Budget = options.Budget.ToBudget(),
        Gate = new()
        {
            Margin = options.Gate.Margin,
            Epsilon = options.Gate.Epsilon,
            PointRule = options.Gate.Rule == GateRule.Point,
            Metrics = options.Gate.Metrics ?? [],
            AnnRecallFloor = options.Gate.AnnRecallFloor,
            ParkedShare = options.Gate.ParkedShare,
            LatencyRatioCeiling = options.Gate.LatencyRatioCeiling,
        },
    };
}
