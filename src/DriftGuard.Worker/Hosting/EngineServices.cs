using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Calibration.Linting;
using DriftGuard.Worker.Calibration.Thresholds;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Drift;
using DriftGuard.Worker.Drift.Baselines;
using DriftGuard.Worker.Drift.Checks;
using DriftGuard.Worker.Drift.Detectors;
using DriftGuard.Worker.Drift.Doctor;
using DriftGuard.Worker.Drift.Enrolment;
using DriftGuard.Worker.Drift.Origins;
using DriftGuard.Worker.Drift.Points;
using DriftGuard.Worker.Drift.Queries;
using DriftGuard.Worker.Drift.Scheduling;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Evaluation.Comparing;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Loops;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Notifications;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Rollouts;
using DriftGuard.Worker.Rollouts.Cluster;
using DriftGuard.Worker.Rollouts.Copying;
using DriftGuard.Worker.Rollouts.Copying.Pacing;
using DriftGuard.Worker.Rollouts.Planning;
using DriftGuard.Worker.Rollouts.Proving;
using DriftGuard.Worker.Rollouts.Steps;
using DriftGuard.Worker.Security;
using DriftGuard.Worker.Shadow;
using DriftGuard.Worker.Sources;
using DriftGuard.Worker.Sources.Files;
using DriftGuard.Worker.Sources.Postgres;
using DriftGuard.Worker.Telemetry;
using DriftGuard.Worker.Telemetry.Tracing;
using DriftGuard.Worker.Writes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Quartz;

namespace DriftGuard.Worker.Hosting;

/// <summary>Puts the worker's parts together.</summary>
public static class EngineServices
{
    // Partitions of several rollouts at the most that one may copy at a time, so that none waits for another's. It reserves nothing.
    internal const int JobsAtATime = 1024;

    /// <summary>
    /// Everything that indexes and rollouts need. <see cref="QdrantStore"/>, <see cref="StateStore"/>, <see cref="ModelPool"/>,
    /// <see cref="CalibrationSets"/> and <see cref="RevisionSource"/> belong to an opened installation and are added by it.
    /// </summary>
    public static IServiceCollection AddDriftGuardEngine(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new DriftGuardOptions());
        services.TryAddSingleton(ModelFolders.None);
        services.TryAddSingleton<KeyService>();
        services.TryAddSingleton<ICopySharers, OneCopier>();
        services.TryAddSingleton<ICopyJobs, CopyJobs>();
        services.AddQuartz(quartz => quartz.UseDefaultThreadPool(JobsAtATime));
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        // After Quartz, so that it is stopped before.
        services.AddHostedService<CopyJobsStop>();
        return services.AddLogging().AddDriftGuardMetrics().AddPoints().AddIndexes().AddCalibration().AddEvaluation().AddThresholds().AddBridges().AddRollouts().AddDrift().AddNotifications();
    }

    /// <summary>Looks after unfinished rollouts for as long as the host runs.</summary>
    public static IServiceCollection AddRolloutSupervisor(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(ClusterSharers)))
        {
            services.AddLoop<ClusterSharers>();
        }

        return services.AddLoop<RolloutSupervisor>();
    }

    /// <summary>
    /// Checks indexes for drift on their schedules for as long as the host runs.
    /// </summary>
    public static IServiceCollection AddDriftScheduler(this IServiceCollection services) => services
        .AddSingleton<DriftChecks>()
        .AddSingleton<DriftRetention>()
        .AddTransient<DriftCheckJob>()
        .AddTransient<DriftRetentionJob>()
        .AddLoop<DriftScheduler>();

    /// <summary>Looks after bridges for as long as the host runs.</summary>
    public static IServiceCollection AddBridgeWatch(this IServiceCollection services) => services.AddLoop<BridgeWatch>();

    private static IServiceCollection AddPoints(this IServiceCollection services) => services
        .AddSingleton<PointWriter>()
        .AddSingleton<IndexWrites>()
        .AddSingleton<PostgresConnections>()
        .AddSingleton(s => new SourceSpools(
            Path.Join(s.GetRequiredService<DriftGuardOptions>().DataDirectory, "sources"), s.GetRequiredService<ILogger<SourceSpools>>()))
        .AddSingleton(s => new IndexCorpora(s.GetRequiredService<QdrantStore>(), s.GetRequiredService<SourceSpools>(), s.GetRequiredService<PostgresConnections>()))
        .AddSingleton(s => new CorpusReader(s.GetRequiredService<PostgresConnections>()));

    private static IServiceCollection AddIndexes(this IServiceCollection services) => services
        .AddSingleton<PeerReader>()
        .AddSingleton<IndexReadinessReader>()
        .AddSingleton<ServingIndexReader>()
        .AddSingleton<IndexLoader>()
        .AddSingleton(s => new IndexRemover(s.GetRequiredService<QdrantStore>(), s.GetRequiredService<StateStore>()))
        .AddSingleton(s => new IndexService(
            s.GetRequiredService<QdrantStore>(), s.GetRequiredService<StateStore>(), s.GetRequiredService<ModelPool>(),
            s.GetRequiredService<ServingIndexReader>(), s.GetRequiredService<ModelEnroller>(), s.GetRequiredService<IndexCorpora>(), s.GetRequiredService<TimeProvider>()));

    private static IServiceCollection AddCalibration(this IServiceCollection services) => services
        .AddSingleton<SetOrIndexReader>()
        .AddSingleton<IndexLooker>()
        .AddSingleton(s => new LintService(
            s.GetRequiredService<ServingIndexReader>(), s.GetRequiredService<IndexLooker>(), s.GetRequiredService<ModelPool>(),
            s.GetRequiredService<SetOrIndexReader>(), s.GetRequiredService<StateStore>()));

    private static IServiceCollection AddEvaluation(this IServiceCollection services) => services
        .AddSingleton<CollectionScorer>()
        .AddSingleton<Evaluator>()
        .AddSingleton<LabelReader>()
        .AddSingleton<DocumentTexts>()
        .AddSingleton<VectorExaminer>()
        .AddSingleton<SubCorpusSampler>()
        .AddSingleton<SideReader>()
        .AddSingleton<SetComparer>()
        .AddSingleton(s => new EvaluationHistory(s.GetRequiredService<StateStore>()))
        .AddSingleton(s => new EvaluationService(
            s.GetRequiredService<ServingIndexReader>(), s.GetRequiredService<ModelPool>(), s.GetRequiredService<CalibrationSets>(), s.GetRequiredService<LabelReader>(), s.GetRequiredService<Evaluator>(),
            s.GetRequiredService<SetComparer>(), s.GetRequiredService<IndexCorpora>(), s.GetRequiredService<StateStore>()));

    private static IServiceCollection AddThresholds(this IServiceCollection services) => services
        .AddSingleton<PairSource>()
        .AddSingleton<DrawnPairs>()
        .AddSingleton<ThresholdTransfer>()
        .AddSingleton<ThresholdStore>()
        .AddSingleton(s => new ThresholdService(
            s.GetRequiredService<ServingIndexReader>(), s.GetRequiredService<ModelPool>(), s.GetRequiredService<PairSource>(), s.GetRequiredService<ThresholdTransfer>(),
            s.GetRequiredService<ThresholdStore>(), s.GetRequiredService<TimeProvider>()));

    private static IServiceCollection AddBridges(this IServiceCollection services) => services
        .AddSingleton<BridgeStore>()
        .AddSingleton<ActiveBridges>()
        .AddSingleton<BridgeEnds>()
        .AddSingleton<OldScoresReader>()
        .AddSingleton<OldSideReader>()
        .AddSingleton<BridgePairs>()
        .AddSingleton<BridgeFitter>()
        .AddSingleton(s => new BridgeService(
            s.GetRequiredService<BridgeFitter>(), s.GetRequiredService<BridgeStore>(), s.GetRequiredService<BridgeEnds>(), s.GetRequiredService<ActiveBridges>(),
            s.GetRequiredService<ServingIndexReader>(), s.GetRequiredService<TimeProvider>()));

    private static IServiceCollection AddRollouts(this IServiceCollection services) => services
        .AddSingleton<RolloutProgress>()
        .AddSingleton<IRolloutMemory>(s => s.GetRequiredService<RolloutProgress>())
        .AddSingleton<ActivityMarker>()
        .AddSingleton<ConditionalWriteCanary>()
        .AddSingleton<PartitionPlanner>()
        .AddSingleton<CopyStages>()
        .AddSingleton<PartitionCopier>()
        .AddSingleton<PartitionCopying>()
        .AddSingleton<CopySpending>()
        .AddSingleton<CopyPaces>()
        .AddSingleton<ProofVerifier>()
        .AddSingleton<RolloutAdjustments>()
        .AddSingleton<RequestWatch>()
        .AddSingleton<RolloutLeases>()
        .AddTransient<CopyPartitionJob>()
        .AddSingleton<CorpusMeasurer>()
        .AddSingleton<Preflight>()
        .AddSingleton<RolloutPlanner>()
        .AddSingleton<IRolloutStep, PreflightStep>()
        .AddSingleton<IRolloutStep, CreateGreenStep>()
        .AddSingleton<IRolloutStep, PlanPartitionsStep>()
        .AddSingleton<IRolloutStep, CopyPartitionsStep>()
        .AddSingleton<PassRuns>()
        .AddSingleton<IRolloutStep, CatchUpStep>()
        .AddSingleton<IRolloutStep, CarryWritesStep>()
        .AddSingleton<IRolloutStep, EnableIndexingStep>()
        .AddSingleton<GateEvidenceReader>()
        .AddSingleton<IRolloutStep, EvaluateStep>()
        .AddSingleton<StrictModeFence>()
        .AddSingleton<IRolloutStep, RaiseFenceStep>()
        .AddSingleton<IRolloutStep, LowerFenceStep>()
        .AddSingleton<IRolloutStep, SwitchStep>()
        .AddSingleton<IRolloutStep, SettleSwitchStep>()
        .AddSingleton<IRolloutStep, TakeOverSwitchStep>()
        .AddSingleton<IRolloutStep, ConfirmSwitchStep>()
        .AddSingleton<IRolloutStep, ConfirmPeersStep>()
        .AddSingleton<IRolloutStep, MergeLateWritesStep>()
        .AddSingleton<LiveSearches>()
        .AddSingleton<IRolloutStep, SoakCheckStep>()
        .AddSingleton<SnapshotKeeper>()
        .AddSingleton(s => new SnapshotRestorer(s.GetRequiredService<QdrantStore>()))
        .AddSingleton<IRolloutStep, RemoveCollectionStep>()
        .AddSingleton<RolloutSteps>()
        .AddSingleton<LateWrites>()
        .AddSingleton<IRolloutMemory>(s => s.GetRequiredService<LateWrites>())
        .AddSingleton<RolloutObserver>()
        .AddSingleton<RolloutActions>()
        .AddSingleton<RolloutReconciler>()
        .AddSingleton(s => new RolloutRunner(
            s.GetRequiredService<RolloutReconciler>(), s.GetRequiredService<ICopyJobs>(), s.GetRequiredService<RolloutLeases>(), s.GetRequiredService<StateStore>(),
            s.GetServices<IRolloutMemory>(), s.GetRequiredService<TimeProvider>()))
        .AddSingleton(s => new RolloutService(
            s.GetRequiredService<StateStore>(), s.GetRequiredService<ModelPool>(), s.GetRequiredService<RolloutPlanner>(), s.GetRequiredService<Evaluator>(),
            s.GetRequiredService<DriftGuardOptions>().Security, s.GetRequiredService<TimeProvider>()))
        .AddSingleton(s => new RolloutViews(
            s.GetRequiredService<RolloutService>(), s.GetRequiredService<StateStore>(), s.GetRequiredService<ShadowReports>(), s.GetRequiredService<Evaluator>()))
        .AddSingleton(s => new ShadowReports(
            s.GetRequiredService<StateStore>(), s.GetRequiredService<QdrantStore>(), s.GetRequiredService<CalibrationSets>(), s.GetRequiredService<IndexCorpora>(), s.GetRequiredService<DocumentTexts>()));

    private static IServiceCollection AddDrift(this IServiceCollection services) => services
        .AddSingleton<ModelEnroller>()
        .AddSingleton<OriginFinder>()
        .AddSingleton(s => new CollectionDoctor(
            s.GetRequiredService<QdrantStore>(), s.GetRequiredService<PointSampler>(), s.GetRequiredService<ModelFolders>(), s.GetRequiredService<ModelPool>(),
            s.GetRequiredService<StateStore>(), s.GetRequiredService<IndexCorpora>(), s.GetRequiredService<TimeProvider>()))
        .AddSingleton<PointSampler>()
        .AddSingleton<StampReader>()
        .AddSingleton<MismatchReport>()
        .AddSingleton<ModelFinder>()
        .AddSingleton<SubjectReader>()
        .AddSingleton<QueryScores>()
        .AddSingleton<BaselineStore>()
        .AddSingleton<BaselineTaker>()
        .AddSingleton<AutomaticBaselines>()
        .AddSingleton<IDriftDetector, SchemaDetector>()
        .AddSingleton<IDriftDetector, ModelDetector>()
        .AddSingleton<IDriftDetector, IndexDetector>()
        .AddSingleton<IDriftDetector, QualityDetector>()
        .AddSingleton<IDriftDetector, DataDetector>()
        .AddSingleton<DriftCheckTrace>()
        .AddSingleton<DriftChecker>()
        .AddSingleton<IDriftCheckRunner, ScheduledChecks>()
        .AddSingleton(s => new QueryImporter(
            s.GetRequiredService<ServingIndexReader>(), s.GetRequiredService<ModelPool>(), s.GetRequiredService<QueryScores>(), s.GetRequiredService<StateStore>(),
            s.GetRequiredService<DriftGuardOptions>().Drift, s.GetRequiredService<TimeProvider>()))
        .AddSingleton(s => new DriftService(
            s.GetRequiredService<DriftChecker>(), s.GetRequiredService<AutomaticBaselines>(), s.GetRequiredService<BaselineTaker>(), s.GetRequiredService<QueryImporter>(), s.GetRequiredService<ServingIndexReader>(),
            s.GetRequiredService<ModelPool>(), s.GetRequiredService<StateStore>(), s.GetRequiredService<DriftGuardOptions>().Drift));
}
