using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant;

/// <summary>Which part of the payload a read brings.</summary>
public sealed class PayloadSelection
{
    private PayloadSelection(WithPayloadSelector wire) => Wire = wire;

    /// <summary>The whole payload.</summary>
    public static PayloadSelection All { get; } = new(new WithPayloadSelector { Enable = true });

    /// <summary>No payload.</summary>
    public static PayloadSelection None { get; } = new(new WithPayloadSelector { Enable = false });

    internal WithPayloadSelector Wire { get; }

    /// <summary>These keys only; a path such as <c>_driftguard.h</c> selects inside.</summary>
    public static PayloadSelection Keys(params IEnumerable<string> keys) =>
        new(new WithPayloadSelector { Include = new PayloadIncludeSelector { Fields = { keys } } });
}

/// <summary>What a read of points brings beside the ids.</summary>
/// <param name="Payload">Which part of the payload.</param>
/// <param name="Vectors">Whether the vectors, all of them.</param>
/// <param name="Consistency">
/// How many replicas must agree; null: one answers. <c>All</c> omits points on which replicas diverge, so absence is never read from it.
/// </param>
public sealed record ReadShape(PayloadSelection Payload, bool Vectors = false, ReadConsistencyType? Consistency = null)
{
    /// <summary>Ids only.</summary>
    public static ReadShape Ids { get; } = new(PayloadSelection.None);

    /// <summary>Ids and the stamp.</summary>
    public static ReadShape Stamps { get; } = new(PayloadSelection.Keys(Payloads.StampPayload.Key));

    /// <summary>Ids and the whole payload.</summary>
    public static ReadShape WholePayload { get; } = new(PayloadSelection.All);

    /// <summary>Ids, payload and vectors.</summary>
    public static ReadShape Everything { get; } = new(PayloadSelection.All, Vectors: true);

    /// <summary>The vectors to bring, by name, where not all of them; it goes before <see cref="Vectors"/>.</summary>
    public IReadOnlyList<string>? VectorNames { get; init; }

    // The default vector has no name to ask for; where it is wanted alone, all are brought.
    internal WithVectorsSelector VectorsWire => VectorNames is [""] ? new WithVectorsSelector { Enable = true }
        : VectorNames is { Count: > 0 } names ? new WithVectorsSelector { Include = new VectorsSelector { Names = { names } } }
        : new WithVectorsSelector { Enable = Vectors && VectorNames is null };
}

/// <summary>One page of a scroll, in id order.</summary>
/// <param name="Points">The points.</param>
/// <param name="Next">Where the next page starts; null after the last.</param>
public sealed record ScrollPage(IReadOnlyList<RetrievedPoint> Points, PointId? Next);

/// <summary>A query of the nearest points.</summary>
/// <param name="Vector">The query vector.</param>
public sealed record NearestQuery(ReadOnlyMemory<float> Vector)
{
    /// <summary>The name of the vector to compare with; empty: the default vector.</summary>
    public string VectorName { get; init; } = "";

    /// <summary>How many points to find.</summary>
    public int Limit { get; init; } = 10;

    /// <summary>Whether to compare with every point instead of walking the index.</summary>
    public bool Exact { get; init; }

    /// <summary>Which points may be found; null: all.</summary>
    public Filter? Filter { get; init; }

    /// <summary>Which part of the payload each hit brings.</summary>
    public PayloadSelection Payload { get; init; } = PayloadSelection.None;

    /// <summary>How widely HNSW searches; null: the collection's setting.</summary>
    public ulong? HnswEf { get; init; }
}

/// <summary>A point that a search found.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Score">How near it is: larger is nearer for cosine and dot, smaller for Euclid and Manhattan.</param>
/// <param name="Payload">What was asked for of its payload.</param>
public sealed record ScoredHit(PointId Id, float Score, MapField<string, Value> Payload);
