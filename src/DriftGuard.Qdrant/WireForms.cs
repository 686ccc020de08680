using Google.Protobuf;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant;

/// <summary>Ids, points and vectors between our forms and the wire's.</summary>
public static class WireForms
{
    /// <summary>The wire's form of an id.</summary>
    public static WirePointId ToWire(this PointId id) =>
        id.IsNumber ? new WirePointId { Num = id.Number } : new WirePointId { Uuid = id.ToString() };

    /// <summary>The id of the wire's form.</summary>
    /// <exception cref="FormatException">It holds a UUID that is none.</exception>
    public static PointId ToPointId(this WirePointId id) =>
        id.PointIdOptionsCase == WirePointId.PointIdOptionsOneofCase.Uuid ? PointId.FromUuid(Guid.Parse(id.Uuid)) : PointId.FromNumber(id.Num);

    /// <summary>A point of an id and one dense vector, with an empty payload to fill.</summary>
    public static PointStruct NewPoint(PointId id, ReadOnlySpan<float> vector, string vectorName = "") =>
        new() { Id = id.ToWire(), Vectors = NewVectors(vector, vectorName) };

    /// <summary>A point of an id, one dense vector and others that are carried with it, with an empty payload to fill.</summary>
    public static PointStruct NewPoint(PointId id, ReadOnlySpan<float> vector, string vectorName, CarriedVectors others)
    {
        if (others.IsEmpty)
            return NewPoint(id, vector, vectorName);
        var named = new NamedVectors { Vectors = { [vectorName] = new Vector { Dense = NewDense(vector) } } };
        named.Vectors.Add(others.Vectors);
        return new PointStruct { Id = id.ToWire(), Vectors = new Vectors { Vectors_ = named } };
    }

    /// <summary>The vector of a point, to change it and leave the rest: see <see cref="QdrantStore.UpdateVectorsAsync"/>.</summary>
    public static PointVectors NewPointVectors(PointId id, ReadOnlySpan<float> vector, string vectorName = "") =>
        new() { Id = id.ToWire(), Vectors = NewVectors(vector, vectorName) };

    /// <summary>The id of a point that was read.</summary>
    public static PointId IdOf(RetrievedPoint point) => point.Id.ToPointId();

    /// <summary>The id of a point that is written.</summary>
    public static PointId IdOf(PointStruct point) => point.Id.ToPointId();

    /// <summary>A copy of the dense vector of a point that was read; null if it has none of that name.</summary>
    public static float[]? VectorOf(RetrievedPoint point, string vectorName = "")
    {
        var values = Find(point.Vectors, vectorName);
        if (values is null || values.Count == 0)
            return null;
        return UnsafeCollectionOperations.AsSpan(values).ToArray();
    }

    /// <summary>The dense vector of a point that was read, without a copy: valid while the point is not changed. Empty if it has none.</summary>
    public static ReadOnlySpan<float> VectorSpanOf(RetrievedPoint point, string vectorName = "") =>
        Find(point.Vectors, vectorName) is { } values ? UnsafeCollectionOperations.AsSpan(values) : default;

    internal static DenseVector NewDense(ReadOnlySpan<float> vector)
    {
        var dense = new DenseVector();
        UnsafeCollectionOperations.SetCount(dense.Data, vector.Length);
        vector.CopyTo(UnsafeCollectionOperations.AsSpan(dense.Data));
        return dense;
    }

    private static Vectors NewVectors(ReadOnlySpan<float> vector, string vectorName)
    {
        var wire = new Vector { Dense = NewDense(vector) };
        return vectorName.Length == 0
            ? new Vectors { Vector = wire }
            : new Vectors { Vectors_ = new NamedVectors { Vectors = { [vectorName] = wire } } };
    }

    private static RepeatedField<float>? Find(VectorsOutput? vectors, string vectorName)
    {
        if (vectors is null)
            return null;
        if (vectors.VectorsOptionsCase == VectorsOutput.VectorsOptionsOneofCase.Vector)
            return vectorName.Length == 0 ? Dense(vectors.Vector) : null;
        return vectors.Vectors?.Vectors.TryGetValue(vectorName, out var named) == true ? Dense(named) : null;
    }

    // 1.16 answers in the field that is deprecated since; 1.18 in the dense vector.
#pragma warning disable CS0612
    private static RepeatedField<float>? Dense(VectorOutput vector) => vector.VectorCase switch
    {
        VectorOutput.VectorOneofCase.Dense => vector.Dense.Data,
        VectorOutput.VectorOneofCase.None when vector.Indices is null && !vector.HasVectorsCount => vector.Data,
        _ => null,
    };
#pragma warning restore CS0612
}
