using System.Text;
using Grpc.Core;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Collections;

/// <summary>What a collection's name and configuration must be, with Qdrant's messages where it is not.</summary>
internal static class CollectionRules
{
    private const int MaxVectorSize = 65_536;
    private const int MaxNameBytes = 255;
    private static readonly char[] ForbiddenInNewNames = ['<', '>', ':', '"', '/', '\\', '|', '?', '*', '\0', '\u001F'];

    public static void CheckNewName(string name)
    {
        CheckLength(name);
        foreach (var forbidden in ForbiddenInNewNames)
            if (name.Contains(forbidden, StringComparison.Ordinal))
                throw Refusal.Validation("collection_name", $"collection name cannot contain \"{forbidden}\" char");
    }

    /// <summary>The name of a collection that is referred to.</summary>
    public static void CheckName(string name)
    {
        CheckLength(name);
        if (name.Contains('/', StringComparison.Ordinal)) throw Refusal.Validation("collection_name", "collection name cannot contain \"/\" char");
    }

    public static void Check(VectorsConfig? config)
    {
        var field = config?.ConfigCase == VectorsConfig.ConfigOneofCase.ParamsMap ? "vectors_config.config.map" : "vectors_config.config";
        foreach (var (_, parameters) in VectorSpaces.Declared(config)) Check(parameters, $"{field}.size");
    }

    public static void Check(VectorParams parameters, string sizeField)
    {
        if (parameters.Size is < 1 or > MaxVectorSize)
            throw Refusal.Validation(sizeField, $"value {parameters.Size} invalid, must be from 1 to {MaxVectorSize}");
        if (parameters.Distance is < Distance.Cosine or > Distance.Manhattan)
        {
            throw Refusal.Invalid(parameters.Distance == Distance.UnknownDistance
                ? "Malformed distance parameter: UnknownDistance"
                : $"Malformed distance parameter, unexpected value: {(int)parameters.Distance}");
        }

        if (parameters.MultivectorConfig is not null) throw Refusal.Unsupported("multivectors");
        if (parameters is { HasDatatype: true, Datatype: Datatype.Uint8 or Datatype.Float16 })
            throw Refusal.Unsupported($"vectors of datatype {parameters.Datatype}");
    }

    public static void Check(HnswConfigDiff? hnsw, OptimizersConfigDiff? optimizers, WalConfigDiff? wal)
    {
        if (hnsw is { HasEfConstruct: true, EfConstruct: < 4 }) throw TooSmall("hnsw_config.ef_construct", hnsw.EfConstruct, 4);
        if (wal is { HasWalCapacityMb: true, WalCapacityMb: 0 }) throw TooSmall("wal_config.wal_capacity_mb", 0, 1);
        if (wal is { HasWalRetainClosed: true, WalRetainClosed: 0 }) throw TooSmall("wal_config.wal_retain_closed", 0, 1);
        if (optimizers is { HasVacuumMinVectorNumber: true, VacuumMinVectorNumber: < 100 })
            throw TooSmall("optimizers_config.vacuum_min_vector_number", optimizers.VacuumMinVectorNumber, 100);
        if (optimizers is { HasMaxSegmentSize: true, MaxSegmentSize: 0 }) throw TooSmall("optimizers_config.max_segment_size", 0, 1);
        if (optimizers is { HasPreventUnoptimized: true, PreventUnoptimized: true })
            throw Refusal.Unsupported("prevent_unoptimized: every point is searchable at once here");
    }

    public static void Check(StrictModeConfig? strict)
    {
        if (strict is null) return;
        if (strict is { HasMaxQueryLimit: true, MaxQueryLimit: 0 }) throw TooSmall("strict_mode_config.max_query_limit", 0, 1);
        if (strict is { HasMaxTimeout: true, MaxTimeout: 0 }) throw TooSmall("strict_mode_config.max_timeout", 0, 1);
        if (strict is { HasMaxPointsCount: true, MaxPointsCount: 0 }) throw TooSmall("strict_mode_config.max_points_count", 0, 1);
        if (strict is { HasReadRateLimit: true, ReadRateLimit: 0 }) throw TooSmall("strict_mode_config.read_rate_limit", 0, 1);
        if (strict is { HasWriteRateLimit: true, WriteRateLimit: 0 }) throw TooSmall("strict_mode_config.write_rate_limit", 0, 1);
        StrictMode.RefuseUnsupported(strict);
    }

    public static RpcException TooSmall(string field, ulong value, ulong least) =>
        Refusal.Validation(field, $"value {value} invalid, must be {least} or larger");

    private static void CheckLength(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) is 0 or > MaxNameBytes)
            throw Refusal.Validation("collection_name", $"value \"{name}\" invalid, must be from 1 to {MaxNameBytes} characters");
    }
}
