using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DriftGuard.Core.Points;

namespace DriftGuard.Core.Rollouts.Proof;

/// <summary>The digest of one side of a partition, made as its points go by in id order. Nothing of them is kept.</summary>
internal sealed class SideDigest : IDisposable
{
    private const int IdBytes = 17;
    private const int HashBytes = SHA256.HashSizeInBytes;

    // Id, whether there is a text, content hash, payload hash: always as many bytes, so that no two sequences of points write the same ones.
    private const int RecordBytes = IdBytes + 1 + (2 * HashBytes);

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _record = new byte[RecordBytes];

    public long Points { get; private set; }

    /// <summary>Takes in the next point.</summary>
    public void Add(PointId id, PointDigest point)
    {
        var record = _record.AsSpan();
        record.Clear();
        record[0] = id.IsNumber ? (byte)0 : (byte)1;
        if (id.IsNumber)
        {
            BinaryPrimitives.WriteUInt64BigEndian(record[(IdBytes - sizeof(ulong))..], id.Number);
        }
        else
        {
            id.Uuid.TryWriteBytes(record[1..], bigEndian: true, out _);
        }

        if (point.ContentHash is { } text)
        {
            record[IdBytes] = 1;
            Write(text, record.Slice(IdBytes + 1, HashBytes));
        }

        Write(point.PayloadHash, record.Slice(IdBytes + 1 + HashBytes, HashBytes));
        _hash.AppendData(record);
        Points++;
    }

    /// <summary>The digest of all points so far, and a beginning of the next one.</summary>
    public string Take()
    {
        Points = 0;
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    public void Dispose() => _hash.Dispose();

    /// <summary>A hash as its bytes; what is none, as in a stamp that somebody edited, by a hash of what is there.</summary>
    private static void Write(string hash, Span<byte> into)
    {
        if (hash.Length != 2 * HashBytes || Convert.FromHexString(hash, into, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            SHA256.HashData(Encoding.UTF8.GetBytes(hash), into);
        }
    }
}
