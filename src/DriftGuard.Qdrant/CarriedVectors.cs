using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant;

/// <summary>
/// Vectors of a point that are carried from one collection to another as they are, of every kind: dense, sparse and multi-vectors, by name.
/// </summary>
public sealed class CarriedVectors
{
    private CarriedVectors(Dictionary<string, Vector> vectors) => Vectors = vectors;

    /// <summary>No vectors.</summary>
    public static CarriedVectors None { get; } = new(new Dictionary<string, Vector>(StringComparer.Ordinal));

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => Vectors.Count == 0;

    /// <summary>The vectors by name, as they are written.</summary>
    internal IDictionary<string, Vector> Vectors { get; }

    /// <summary>The vectors of these names that a point that was read has.</summary>
    /// <exception cref="QdrantException">One is of a kind that cannot be written back; leaving it out would lose it.</exception>
    public static CarriedVectors Of(RetrievedPoint point, IReadOnlyCollection<string> names)
    {
        if (names.Count == 0 || point.Vectors is not { } read)
            return None;
        var found = new Dictionary<string, Vector>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var vector = read.VectorsOptionsCase == VectorsOutput.VectorsOptionsOneofCase.Vector
                ? name.Length == 0 ? read.Vector : null
                : read.Vectors?.Vectors.GetValueOrDefault(name);
            if (vector is not null)
                found.Add(name, ToWritten(vector, name, point));
        }
        return found.Count == 0 ? None : new(found);
    }

    /// <summary>A digest of names, kinds and every bit of the values: 32 hex digits, the same for equal vectors only; null where there are none.</summary>
    public string? Digest()
    {
        if (IsEmpty)
            return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, vector) in Vectors.OrderBy(static entry => entry.Key, StringComparer.Ordinal))
        {
            var bytes = Encoding.UTF8.GetBytes(name);
            Add(hash, bytes.Length);
            hash.AppendData(bytes);
            Add(hash, (int)vector.VectorCase);
            if (vector.VectorCase == Vector.VectorOneofCase.Dense)
                Add(hash, vector.Dense.Data);
            else if (vector.VectorCase == Vector.VectorOneofCase.Sparse)
                AddSparse(hash, vector.Sparse);
            else
                AddMany(hash, vector.MultiDense);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    // 1.16 answers in fields that are deprecated since; 1.18 in the vector of its kind.
#pragma warning disable CS0612
    private static Vector ToWritten(VectorOutput vector, string name, RetrievedPoint point) => vector.VectorCase switch
    {
        VectorOutput.VectorOneofCase.Dense => new() { Dense = vector.Dense },
        VectorOutput.VectorOneofCase.Sparse => new() { Sparse = vector.Sparse },
        VectorOutput.VectorOneofCase.MultiDense => new() { MultiDense = vector.MultiDense },
        VectorOutput.VectorOneofCase.None when vector.Indices is { } indices => new() { Sparse = new SparseVector { Values = { vector.Data }, Indices = { indices.Data } } },
        VectorOutput.VectorOneofCase.None when vector.HasVectorsCount && vector.VectorsCount > 0 && vector.Data.Count % vector.VectorsCount == 0 =>
            new() { MultiDense = Split(vector.Data, (int)vector.VectorsCount) },
        VectorOutput.VectorOneofCase.None when !vector.HasVectorsCount => new() { Dense = new DenseVector { Data = { vector.Data } } },
        _ => throw new QdrantException(
            $"vector '{name}' of point {WireForms.IdOf(point)} is of a kind that cannot be written back ({vector.VectorCase}); nothing was written, so that it is not lost")
        {
            Operation = "Carry vectors",
        },
    };
#pragma warning restore CS0612

    private static MultiDenseVector Split(RepeatedField<float> values, int count)
    {
        var (many, size) = (new MultiDenseVector(), values.Count / count);
        for (var i = 0; i < count; i++)
            many.Vectors.Add(new DenseVector { Data = { values.Skip(i * size).Take(size) } });
        return many;
    }

    /// <summary>By index: the order in which a sparse vector's entries are stored says nothing.</summary>
    private static void AddSparse(IncrementalHash hash, SparseVector vector)
    {
        Add(hash, vector.Indices.Count);
        foreach (var (index, value) in vector.Indices.Zip(vector.Values).OrderBy(static entry => entry.First))
        {
            Add(hash, unchecked((int)index));
            Add(hash, BitConverter.SingleToInt32Bits(value));
        }
    }

    private static void AddMany(IncrementalHash hash, MultiDenseVector vectors)
    {
        Add(hash, vectors.Vectors.Count);
        foreach (var vector in vectors.Vectors)
            Add(hash, vector.Data);
    }

    private static void Add(IncrementalHash hash, RepeatedField<float> values)
    {
        Add(hash, values.Count);
        hash.AppendData(MemoryMarshal.AsBytes(UnsafeCollectionOperations.AsSpan(values)));
    }

    private static void Add(IncrementalHash hash, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        hash.AppendData(bytes);
    }
}
