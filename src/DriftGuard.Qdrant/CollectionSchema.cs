using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant;

/// <summary>One vector of a collection: its size and distance, and where set, how it is stored.</summary>
/// <param name="Size">Dimensions.</param>
/// <param name="Distance">How two vectors are compared.</param>
public sealed record VectorSchema(int Size, Distance Distance)
{
    /// <summary>Whether the vectors stay on disk; null: Qdrant's default.</summary>
    public bool? OnDisk { get; init; }

    /// <summary>The type of a stored component; null: 32-bit floats.</summary>
    public Datatype? Datatype { get; init; }

    /// <summary>This vector's own HNSW settings; null: the collection's.</summary>
    public HnswConfigDiff? Hnsw { get; init; }

    /// <summary>This vector's own quantisation; null: the collection's.</summary>
    public QuantizationConfig? Quantization { get; init; }

    /// <summary>How a multi-vector is compared; null: one vector a point.</summary>
    public MultiVectorConfig? MultiVector { get; init; }
}

/// <summary>
/// What a collection is declared as. A new one is made from it, and the state of one gives it back: the schema of green is that of
/// blue <c>with</c> other vectors. What is null is left to Qdrant.
/// </summary>
public sealed record CollectionSchema
{
    /// <summary>The vectors by name; the default vector has the empty name and, in Qdrant, stands alone.</summary>
    public required IReadOnlyDictionary<string, VectorSchema> Vectors { get; init; }

    /// <summary>The sparse vectors by name.</summary>
    public SparseVectorConfig? SparseVectors { get; init; }

    /// <summary>Metadata to begin with: flat keys, as text.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// From which size in KB a segment is indexed; 0: never, for a bulk load. It goes before what <see cref="Optimizers"/> says.
    /// </summary>
    public ulong? IndexingThreshold { get; init; }

    /// <summary>Number of shards.</summary>
    public uint? ShardNumber { get; init; }

    /// <summary>How many replicas each shard has.</summary>
    public uint? ReplicationFactor { get; init; }

    /// <summary>How many replicas must confirm a write.</summary>
    public uint? WriteConsistencyFactor { get; init; }

    /// <summary>How points are spread over shards.</summary>
    public ShardingMethod? ShardingMethod { get; init; }

    /// <summary>Whether payloads stay on disk.</summary>
    public bool? OnDiskPayload { get; init; }

    /// <summary>HNSW settings.</summary>
    public HnswConfigDiff? Hnsw { get; init; }

    /// <summary>Optimiser settings.</summary>
    public OptimizersConfigDiff? Optimizers { get; init; }

    /// <summary>Write-ahead log settings.</summary>
    public WalConfigDiff? Wal { get; init; }

    /// <summary>Quantisation.</summary>
    public QuantizationConfig? Quantization { get; init; }

    /// <summary>Strict mode.</summary>
    public StrictModeConfig? StrictMode { get; init; }

    /// <summary>The schema of one vector, and Qdrant's defaults for everything else.</summary>
    public static CollectionSchema Of(int size, Distance distance, string vectorName = "") => new()
    {
        Vectors = new Dictionary<string, VectorSchema>(StringComparer.Ordinal) { [vectorName] = new(size, distance) },
    };
}
