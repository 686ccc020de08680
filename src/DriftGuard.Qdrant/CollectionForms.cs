using DriftGuard.Qdrant.Payloads;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant;

/// <summary>Collections between our forms and the wire's.</summary>
internal static class CollectionForms
{
    public static CreateCollection CreateOf(string collection, CollectionSchema schema)
    {
        var request = new CreateCollection
        {
            CollectionName = collection,
            VectorsConfig = ToWire(schema.Vectors),
            SparseVectorsConfig = schema.SparseVectors,
            HnswConfig = schema.Hnsw,
            WalConfig = schema.Wal,
            QuantizationConfig = schema.Quantization,
            StrictModeConfig = schema.StrictMode,
            OptimizersConfig = schema.Optimizers?.Clone(),
        };
        if (schema.IndexingThreshold is { } threshold)
        {
            request.OptimizersConfig ??= new OptimizersConfigDiff();
            request.OptimizersConfig.IndexingThreshold = threshold;
        }
        if (schema.ShardNumber is { } shards)
            request.ShardNumber = shards;
        if (schema.ReplicationFactor is { } replicas)
            request.ReplicationFactor = replicas;
        if (schema.WriteConsistencyFactor is { } confirmations)
            request.WriteConsistencyFactor = confirmations;
        if (schema.ShardingMethod is { } sharding)
            request.ShardingMethod = sharding;
        if (schema.OnDiskPayload is { } onDisk)
            request.OnDiskPayload = onDisk;
        foreach (var (key, value) in schema.Metadata)
            request.Metadata[key] = new Value { StringValue = value };
        return request;
    }

    public static CollectionState StateOf(string name, CollectionInfo info) => new()
    {
        Name = name,
        Status = info.Status,
        OptimizerOk = info.OptimizerStatus?.Ok ?? false,
        OptimizerError = info.OptimizerStatus?.Error ?? "",
        PointsCount = info.PointsCount,
        IndexedVectorsCount = info.IndexedVectorsCount,
        SegmentsCount = info.SegmentsCount,
        UpdateQueueLength = info.UpdateQueue?.Length,
        Schema = SchemaOf(info.Config),
        PayloadIndexes = info.PayloadSchema.ToDictionary(StringComparer.Ordinal),
        Warnings = [.. info.Warnings.Select(static warning => warning.Message)],
    };

    public static CollectionCluster ClusterOf(CollectionClusterInfoResponse reply)
    {
        var replicas = new List<ShardReplica>(reply.LocalShards.Count + reply.RemoteShards.Count);
        foreach (var shard in reply.LocalShards)
            replicas.Add(new ShardReplica(shard.ShardId, reply.PeerId, shard.State, shard.PointsCount));
        foreach (var shard in reply.RemoteShards)
            replicas.Add(new ShardReplica(shard.ShardId, shard.PeerId, shard.State, PointsCount: null));
        return new(reply.PeerId, reply.ShardCount, replicas, reply.ShardTransfers.Count + reply.ReshardingOperations.Count);
    }

    private static CollectionSchema SchemaOf(CollectionConfig config)
    {
        var parameters = config.Params ?? new CollectionParams();
        return new CollectionSchema
        {
            Vectors = ToSchemas(parameters.VectorsConfig),
            SparseVectors = parameters.SparseVectorsConfig,
            Metadata = ToTexts(config.Metadata),
            IndexingThreshold = config.OptimizerConfig is { HasIndexingThreshold: true } optimizers ? optimizers.IndexingThreshold : null,
            ShardNumber = parameters.ShardNumber,
            ReplicationFactor = parameters.HasReplicationFactor ? parameters.ReplicationFactor : null,
            WriteConsistencyFactor = parameters.HasWriteConsistencyFactor ? parameters.WriteConsistencyFactor : null,
            ShardingMethod = parameters.HasShardingMethod ? parameters.ShardingMethod : null,
            OnDiskPayload = parameters.OnDiskPayload,
            Hnsw = config.HnswConfig,
            Optimizers = config.OptimizerConfig,
            Wal = config.WalConfig,
            Quantization = config.QuantizationConfig,
            StrictMode = config.StrictModeConfig,
        };
    }

    private static VectorsConfig? ToWire(IReadOnlyDictionary<string, VectorSchema> vectors)
    {
        if (vectors.Count == 0)
            return null;
        if (vectors.TryGetValue("", out var single))
        {
            return vectors.Count == 1
                ? new VectorsConfig { Params = ToWire(single) }
                : throw new ArgumentException(
                    $"a collection has either the default vector or named ones, found both: {string.Join(", ", vectors.Keys.Where(static name => name.Length > 0))}",
                    nameof(vectors));
        }
        var map = new VectorParamsMap();
        foreach (var (name, vector) in vectors)
            map.Map[name] = ToWire(vector);
        return new VectorsConfig { ParamsMap = map };
    }

    private static VectorParams ToWire(VectorSchema vector)
    {
        var parameters = new VectorParams
        {
            Size = (ulong)vector.Size,
            Distance = vector.Distance,
            HnswConfig = vector.Hnsw,
            QuantizationConfig = vector.Quantization,
            MultivectorConfig = vector.MultiVector,
        };
        if (vector.OnDisk is { } onDisk)
            parameters.OnDisk = onDisk;
        if (vector.Datatype is { } datatype)
            parameters.Datatype = datatype;
        return parameters;
    }

    private static Dictionary<string, VectorSchema> ToSchemas(VectorsConfig? config)
    {
        var schemas = new Dictionary<string, VectorSchema>(StringComparer.Ordinal);
        if (config?.Params is { } single)
            schemas[""] = ToSchema(single);
        foreach (var (name, parameters) in config?.ParamsMap?.Map ?? [])
            schemas[name] = ToSchema(parameters);
        return schemas;
    }

    private static VectorSchema ToSchema(VectorParams parameters) => new((int)parameters.Size, parameters.Distance)
    {
        OnDisk = parameters.HasOnDisk ? parameters.OnDisk : null,
        Datatype = parameters.HasDatatype ? parameters.Datatype : null,
        Hnsw = parameters.HnswConfig,
        Quantization = parameters.QuantizationConfig,
        MultiVector = parameters.MultivectorConfig,
    };

    private static Dictionary<string, string> ToTexts(MapField<string, Value> metadata)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in metadata)
            texts[key] = value.KindCase == Value.KindOneofCase.StringValue ? value.StringValue : PayloadJson.ToJson(value);
        return texts;
    }
}
