using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;
using Grpc.Core;

namespace DriftGuard.Qdrant.Embedded.Wire;

/// <summary>
/// Writes a protobuf message into a pooled buffer: answers of thousands of points are copied from memory to the wire once,
/// with no object for each point.
/// </summary>
internal sealed class WireWriter(int limit = WireWriter.MaxBytes) : IDisposable
{
    /// <summary>What the largest pooled buffers hold; gRPC clients take far less by default.</summary>
    private const int MaxBytes = 1 << 30;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(1024);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public void Tag(int field, WireFormat.WireType type) => Varint(WireFormat.MakeTag(field, type));

    public void Varint(ulong value)
    {
        var room = Room(10);
        var written = 0;
        while (value >= 0x80)
        {
            room[written++] = (byte)(value | 0x80);
            value >>= 7;
        }

        room[written++] = (byte)value;
        Length += written;
    }

    public void Float(int field, float value)
    {
        Tag(field, WireFormat.WireType.Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(Room(4), value);
        Length += 4;
    }

    public void Double(int field, double value)
    {
        Tag(field, WireFormat.WireType.Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(Room(8), value);
        Length += 8;
    }

    public void String(int field, string value)
    {
        var size = Encoding.UTF8.GetByteCount(value);
        Open(field, size);
        Encoding.UTF8.GetBytes(value, Room(size));
        Length += size;
    }

    /// <summary>Starts a length-delimited field: its bytes, <paramref name="size"/> of them, must follow.</summary>
    public void Open(int field, int size)
    {
        Tag(field, WireFormat.WireType.LengthDelimited);
        Varint((ulong)size);
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Packed floats are the memory of the vector itself on every platform .NET runs on (little-endian).</summary>
    public void Floats(ReadOnlySpan<float> values) => Raw(MemoryMarshal.AsBytes(values));

    public void Message(int field, IMessage message)
    {
        Open(field, message.CalculateSize());
        Raw(message.ToByteArray());
    }

    public byte[] ToArray() => Written.ToArray();

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Length = 0;
    }

    /// <summary>Bytes that a varint takes.</summary>
    public static int VarintSize(ulong value) => (BitOperations.Log2(value | 1) / 7) + 1;

    /// <summary>Bytes that a length-delimited field of <paramref name="size"/> bytes takes, tag and length included.</summary>
    public static int FieldSize(int field, int size) =>
        VarintSize((ulong)field << 3) + VarintSize((ulong)size) + size;

    private Span<byte> Room(int size)
    {
        if (size > limit - Length)
            throw Refusal.Because(StatusCode.ResourceExhausted, "the answer is larger than 1 GiB; ask for fewer points");
        if (_buffer.Length - Length < size)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + size, (int)Math.Min(_buffer.Length * 2L, MaxBytes)));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(Length, _buffer.Length - Length);
    }
}
