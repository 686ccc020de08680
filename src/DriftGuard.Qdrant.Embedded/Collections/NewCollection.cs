using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Collections;

/// <summary>The configuration of a collection to be created: what was asked for over Qdrant's defaults, refused where it cannot be honoured.</summary>
internal static class NewCollection
{
    public static CollectionConfig Configure(CreateCollection request)
    {
        CollectionRules.CheckNewName(request.CollectionName);
        RefuseUnsupported(request);
        CollectionRules.Check(request.VectorsConfig);
        CollectionRules.Check(request.HnswConfig, request.OptimizersConfig, request.WalConfig);
        CollectionRules.Check(request.StrictModeConfig);
        if (request is { HasReplicationFactor: true, ReplicationFactor: 0 }) throw CollectionRules.TooSmall("replication_factor", 0, 1);
        if (request is { HasWriteConsistencyFactor: true, WriteConsistencyFactor: 0 }) throw CollectionRules.TooSmall("write_consistency_factor", 0, 1);

        var config = Defaults();
        config.HnswConfig.MergeFrom(request.HnswConfig ?? new HnswConfigDiff());
        config.OptimizerConfig.MergeFrom(request.OptimizersConfig ?? new OptimizersConfigDiff());
        config.WalConfig.MergeFrom(request.WalConfig ?? new WalConfigDiff());
        config.Params.VectorsConfig = request.VectorsConfig?.Clone() ?? new VectorsConfig { ParamsMap = new VectorParamsMap() };
        if (request.HasOnDiskPayload) config.Params.OnDiskPayload = request.OnDiskPayload;
        if (request.HasReplicationFactor) config.Params.ReplicationFactor = request.ReplicationFactor;
        if (request.HasWriteConsistencyFactor) config.Params.WriteConsistencyFactor = request.WriteConsistencyFactor;
        if (request.HasShardingMethod) config.Params.ShardingMethod = request.ShardingMethod;
        config.QuantizationConfig = request.QuantizationConfig?.Clone();
        config.StrictModeConfig = request.StrictModeConfig?.Clone();
        config.Metadata.Add(request.Metadata.Clone());
        return config;
    }

    /// <summary>Qdrant 1.18.3's defaults, as recorded.</summary>
    private static CollectionConfig Defaults() => new()
    {
        Params = new CollectionParams { ShardNumber = 1, OnDiskPayload = true, ReplicationFactor = 1, WriteConsistencyFactor = 1 },
        HnswConfig = new HnswConfigDiff { M = 16, EfConstruct = 100, FullScanThreshold = 10_000, MaxIndexingThreads = 0, OnDisk = false },
        OptimizerConfig = new OptimizersConfigDiff
        {
            DeletedThreshold = .2,
            VacuumMinVectorNumber = 1_000,
            DefaultSegmentNumber = 2,
            IndexingThreshold = 10_000,
            FlushIntervalSec = 5,
            MaxOptimizationThreads = new MaxOptimizationThreads { Setting = MaxOptimizationThreads.Types.Setting.Auto },
        },
        WalConfig = new WalConfigDiff { WalCapacityMb = 32, WalSegmentsAhead = 0, WalRetainClosed = 1 },
    };

    private static void RefuseUnsupported(CreateCollection request)
    {
        if (request.SparseVectorsConfig is { Map.Count: > 0 }) throw Refusal.Unsupported("sparse vectors");
        if (request is { HasShardNumber: true, ShardNumber: 0 }) throw CollectionRules.TooSmall("shard_number", 0, 1);
        if (request is { HasShardNumber: true, ShardNumber: > 1 }) throw Refusal.Unsupported("more than one shard");
        if (request is { HasShardingMethod: true, ShardingMethod: ShardingMethod.Custom }) throw Refusal.Unsupported("custom sharding");
    }
}
