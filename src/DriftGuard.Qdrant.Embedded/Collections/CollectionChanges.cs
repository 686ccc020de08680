using DriftGuard.Qdrant.Embedded.Storage;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Collections;

/// <summary>What may change about a collection that exists: each takes what is stored and returns what is to be stored.</summary>
internal static class CollectionChanges
{
    /// <summary>Configuration fields that are set replace; metadata is merged by key, null removes one.</summary>
    public static StoredCollection Update(StoredCollection stored, UpdateCollection request)
    {
        CollectionRules.Check(request.HnswConfig, request.OptimizersConfig, wal: null);
        if (request.SparseVectorsConfig is { Map.Count: > 0 }) throw Refusal.Unsupported("sparse vectors");
        var config = stored.Config.Clone();
        config.HnswConfig.MergeFrom(request.HnswConfig ?? new HnswConfigDiff());
        config.OptimizerConfig.MergeFrom(request.OptimizersConfig ?? new OptimizersConfigDiff());
        Merge(config.Params, request.Params);
        config.QuantizationConfig = Merge(config.QuantizationConfig, request.QuantizationConfig);
        UpdateVectors(config.Params, request.VectorsConfig);
        if (request.StrictModeConfig is { } strict)
        {
            config.StrictModeConfig ??= new StrictModeConfig();
            config.StrictModeConfig.MergeFrom(strict);
            CollectionRules.Check(config.StrictModeConfig);
        }

        foreach (var (key, value) in request.Metadata)
        {
            if (value.KindCase is Value.KindOneofCase.NullValue or Value.KindOneofCase.None) config.Metadata.Remove(key);
            else config.Metadata[key] = value.Clone();
        }

        return stored with { Config = config };
    }

    /// <summary>Adds a vector name; one that is there already with the same parameters stays as it is.</summary>
    public static StoredCollection CreateVector(StoredCollection stored, CreateVectorNameRequest request)
    {
        if (request.VectorConfigCase == CreateVectorNameRequest.VectorConfigOneofCase.SparseConfig) throw Refusal.Unsupported("sparse vectors");
        var asked = request.DenseConfig ?? throw Refusal.Invalid("vector_config is missing");
        var parameters = new VectorParams { Size = asked.Size, Distance = asked.Distance, MultivectorConfig = asked.MultivectorConfig };
        if (asked.HasDatatype) parameters.Datatype = asked.Datatype;
        CollectionRules.Check(parameters, "vector_config.size");

        var declared = Declared(stored);
        if (declared.TryGetValue(request.VectorName, out var present))
        {
            return present.Size == parameters.Size && present.Distance == parameters.Distance
                ? stored
                : throw Refusal.WrongInput(
                    $"Vector '{request.VectorName}' of collection '{stored.Name}' exists with size {present.Size} and distance {present.Distance}; "
                    + $"size {parameters.Size} and distance {parameters.Distance} were asked for. Delete it first, or take another name.");
        }

        declared.Add(request.VectorName, parameters);
        return WithVectors(stored, declared) with
        {
            VectorKeys = new Dictionary<string, int>(stored.VectorKeys, StringComparer.Ordinal) { [request.VectorName] = stored.NextVectorKey },
            NextVectorKey = stored.NextVectorKey + 1,
        };
    }

    /// <summary>Removes a vector name with its vectors; one that is not there is fine.</summary>
    public static StoredCollection DeleteVector(StoredCollection stored, string name)
    {
        var declared = Declared(stored);
        if (!declared.Remove(name)) return stored;
        var keys = new Dictionary<string, int>(stored.VectorKeys, StringComparer.Ordinal);
        keys.Remove(name);
        return WithVectors(stored, declared) with { VectorKeys = keys };
    }

    public static StoredCollection CreateIndex(StoredCollection stored, CreateFieldIndexCollection request)
    {
        var schema = PayloadIndexes.Schema(request);
        return stored with
        {
            PayloadSchema = new Dictionary<string, PayloadSchemaInfo>(stored.PayloadSchema, StringComparer.Ordinal) { [request.FieldName] = schema },
        };
    }

    public static StoredCollection DeleteIndex(StoredCollection stored, string field)
    {
        var schema = new Dictionary<string, PayloadSchemaInfo>(stored.PayloadSchema, StringComparer.Ordinal);
        return schema.Remove(field) ? stored with { PayloadSchema = schema } : stored;
    }

    private static Dictionary<string, VectorParams> Declared(StoredCollection stored) =>
        VectorSpaces.Declared(stored.Config.Params.VectorsConfig).ToDictionary(vector => vector.Name, vector => vector.Parameters, StringComparer.Ordinal);

    private static StoredCollection WithVectors(StoredCollection stored, Dictionary<string, VectorParams> declared)
    {
        var config = stored.Config.Clone();
        config.Params.VectorsConfig = VectorSpaces.Configuration(declared);
        return stored with { Config = config };
    }

    private static void Merge(CollectionParams current, CollectionParamsDiff? change)
    {
        if (change is null) return;
        if (change.HasReplicationFactor) current.ReplicationFactor = change.ReplicationFactor;
        if (change.HasWriteConsistencyFactor) current.WriteConsistencyFactor = change.WriteConsistencyFactor;
        if (change.HasOnDiskPayload) current.OnDiskPayload = change.OnDiskPayload;
        if (change.HasReadFanOutFactor) current.ReadFanOutFactor = change.ReadFanOutFactor;
        if (change.HasReadFanOutDelayMs) current.ReadFanOutDelayMs = change.ReadFanOutDelayMs;
    }

    private static void UpdateVectors(CollectionParams current, VectorsConfigDiff? change)
    {
        if (change is null) return;
        var changes = change.ConfigCase == VectorsConfigDiff.ConfigOneofCase.ParamsMap
            ? change.ParamsMap.Map.Select(entry => (entry.Key, entry.Value))
            : [("", change.Params)];
        var declared = VectorSpaces.Declared(current.VectorsConfig).ToDictionary(vector => vector.Name, vector => vector.Parameters, StringComparer.Ordinal);
        foreach (var (name, diff) in changes)
        {
            var parameters = declared.GetValueOrDefault(name) ?? throw Refusal.NoVectorName(name);
            if (diff.HnswConfig is { } hnsw)
            {
                parameters.HnswConfig ??= new HnswConfigDiff();
                parameters.HnswConfig.MergeFrom(hnsw);
            }

            parameters.QuantizationConfig = Merge(parameters.QuantizationConfig, diff.QuantizationConfig);
            if (diff.HasOnDisk) parameters.OnDisk = diff.OnDisk;
        }
    }

    private static QuantizationConfig? Merge(QuantizationConfig? current, QuantizationConfigDiff? change) => change?.QuantizationCase switch
    {
        QuantizationConfigDiff.QuantizationOneofCase.Scalar => new QuantizationConfig { Scalar = change.Scalar },
        QuantizationConfigDiff.QuantizationOneofCase.Product => new QuantizationConfig { Product = change.Product },
        QuantizationConfigDiff.QuantizationOneofCase.Binary => new QuantizationConfig { Binary = change.Binary },
        QuantizationConfigDiff.QuantizationOneofCase.Turboquant => new QuantizationConfig { Turboquant = change.Turboquant },
        QuantizationConfigDiff.QuantizationOneofCase.Disabled => null,
        _ => current,
    };
}
