using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant;

/// <summary>What a collection is and how it is, as one peer sees it.</summary>
public sealed record CollectionState
{
    /// <summary>The name it was asked for by; an alias gives the state of the collection behind it.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Green: optimised. Yellow: optimising. Grey: waiting for a write to begin optimising (after a restart). Red: failed.
    /// </summary>
    public required CollectionStatus Status { get; init; }

    /// <summary>Whether the optimisers work.</summary>
    public required bool OptimizerOk { get; init; }

    /// <summary>What failed in the optimisers; empty if they work.</summary>
    public required string OptimizerError { get; init; }

    /// <summary>Points, approximately: use an exact count where it matters.</summary>
    public required ulong PointsCount { get; init; }

    /// <summary>Vectors that an index covers, approximately.</summary>
    public required ulong IndexedVectorsCount { get; init; }

    /// <summary>Segments of all shards on this peer.</summary>
    public required ulong SegmentsCount { get; init; }

    /// <summary>Updates that wait to be applied; null where the version does not report it (before 1.17).</summary>
    public ulong? UpdateQueueLength { get; init; }

    /// <summary>What it is declared as, defaults filled in by Qdrant, metadata included.</summary>
    public required CollectionSchema Schema { get; init; }

    /// <summary>The payload indexes by field.</summary>
    public required IReadOnlyDictionary<string, PayloadSchemaInfo> PayloadIndexes { get; init; }

    /// <summary>What Qdrant warns of.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The vectors by name; the default vector has the empty name.</summary>
    public IReadOnlyDictionary<string, VectorSchema> Vectors => Schema.Vectors;

    /// <summary>The metadata by key; a value that is no text is given as JSON.</summary>
    public IReadOnlyDictionary<string, string> Metadata => Schema.Metadata;

    /// <summary>From which size in KB a segment is indexed; 0: never; null where Qdrant does not report it.</summary>
    public ulong? IndexingThreshold => Schema.IndexingThreshold;

    /// <summary>Whether it holds one unnamed dense vector a point and no other: what can be re-embedded without losing any.</summary>
    public bool HoldsOneUnnamedVector => Vectors is { Count: 1 } && Vectors.ContainsKey("") && Schema.SparseVectors is not { Map.Count: > 0 };

    /// <summary>The names of all vectors, dense and sparse.</summary>
    public IReadOnlyList<string> VectorNames =>
        [.. Vectors.Keys.Concat(Schema.SparseVectors?.Map.Keys ?? Enumerable.Empty<string>()).Order(StringComparer.Ordinal)];

    /// <summary>The names of all vectors but one: those that stay as they are when that one is made anew.</summary>
    public IReadOnlyList<string> VectorsBeside(string name) => [.. VectorNames.Where(other => !string.Equals(other, name, StringComparison.Ordinal))];

    /// <summary>The dense vector of a name that a model can make: one a point; null if there is none.</summary>
    public VectorSchema? DenseVector(string name) => Vectors.GetValueOrDefault(name) is { MultiVector: null } vector ? vector : null;

    /// <summary>Strict mode settings; null where there are none.</summary>
    public StrictModeConfig? StrictMode => Schema.StrictMode;
}

/// <summary>One replica of one shard.</summary>
/// <param name="ShardId">The shard.</param>
/// <param name="PeerId">The peer that holds it.</param>
/// <param name="State">Only <c>Active</c> answers reads and confirms writes.</param>
/// <param name="PointsCount">Points in it, where it is on the peer that was asked.</param>
public sealed record ShardReplica(uint ShardId, ulong PeerId, ReplicaState State, ulong? PointsCount);

/// <summary>A collection's place in the cluster, as one peer sees it.</summary>
/// <param name="PeerId">The peer that answered: its identity.</param>
/// <param name="ShardCount">Number of shards.</param>
/// <param name="Replicas">All replicas this peer knows of, its own first.</param>
/// <param name="TransfersUnderWay">Shard transfers and resharding that have not ended.</param>
public sealed record CollectionCluster(ulong PeerId, ulong ShardCount, IReadOnlyList<ShardReplica> Replicas, int TransfersUnderWay)
{
    /// <summary>How many peers hold the collection; a single node is one.</summary>
    public int Peers => Replicas.Select(static replica => replica.PeerId).Append(PeerId).Distinct().Count();

    /// <summary>Whether every replica is active and none is on the move.</summary>
    public bool AllActive => TransfersUnderWay == 0 && Replicas.All(static replica => replica.State == ReplicaState.Active);
}
