using DriftGuard.Core.Access;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Calibration.Thresholds;
using DriftGuard.Worker.Drift.Baselines;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Rollouts;

namespace DriftGuard.Dashboard.Pages;

/// <summary>All indexes at a glance.</summary>
public sealed record OverviewModel(IReadOnlyList<IndexView> Indexes, IReadOnlyList<LatestDriftVerdict> Verdicts, IReadOnlyList<Rollout> Rollouts);

/// <summary>One index: what serves it, how it drifts, how well it finds.</summary>
public sealed record IndexModel(
    IndexView Index, IReadOnlyList<LatestDriftVerdict> Verdicts, IReadOnlyList<(Detector Detector, IReadOnlyList<DriftHistoryEntry> Entries)> Histories,
    IReadOnlyList<DriftThreshold> DriftThresholds, DetectorResult? Probes, IReadOnlyList<EvaluationFiguresView> Evaluations, IReadOnlyList<Rollout> Rollouts,
    IReadOnlyList<ListedBaseline> Baselines, ServedThresholds? Thresholds, IReadOnlyList<BridgeState> Bridges, IReadOnlyList<ModelView> Models);

/// <summary>One rollout.</summary>
public sealed record RolloutModel(RolloutView View, IReadOnlyList<PartitionView> Partitions, IReadOnlyList<AuditEvent> Events);

/// <summary>What was found and scored lately.</summary>
public sealed record ReportsModel(IReadOnlyList<DriftReportEntry> Drift, IReadOnlyList<EvaluationEntry> Evaluations);
