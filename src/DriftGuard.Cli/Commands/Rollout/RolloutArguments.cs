using System.CommandLine;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Configuration;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary>The arguments that planning and starting a rollout share.</summary>
internal sealed class RolloutArguments
{
    private readonly Argument<string> _index = new("index") { Description = "The index" };
    private readonly Option<string> _to = new("--to") { Description = "The model to change to", Required = true };
    private readonly Option<string?> _set = new("--calibration-set") { Description = "The calibration set that decides; the index' own unless set" };
    private readonly Option<bool> _noPreflight = new("--no-preflight") { Description = "Copy without scoring a sub-corpus first" };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_index);
        command.Options.Add(_to);
        command.Options.Add(_set);
        command.Options.Add(_noPreflight);
    }

    public string Index(ParseResult arguments) => arguments.GetRequiredValue(_index);

    public string To(ParseResult arguments) => arguments.GetRequiredValue(_to);

    public string? CalibrationSet(ParseResult arguments) => arguments.GetValue(_set);

    public RolloutSettings Settings(ParseResult arguments, DriftGuardOptions options) => SettingsOf(options.Rollout) with { Preflight = !arguments.GetValue(_noPreflight) };

    /// <summary>A rollout's settings from the configuration.</summary>
    public static RolloutSettings SettingsOf(Worker.Configuration.RolloutOptions options) => new()
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
