using System.Buffers.Binary;
using Google.Protobuf;

namespace DriftGuard.Qdrant.Embedded.Wire;

/// <summary>
/// Reads a protobuf message field by field without decoding what is not asked for: vectors and payloads pass through as the bytes they came in.
/// Wire format: https://protobuf.dev/programming-guides/encoding/.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private const string Truncated = "The message ends in the middle of a field.";
    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;

    /// <summary>Number of the field that <see cref="Next"/> stands on.</summary>
    public int Field { get; private set; }

    /// <summary>Where in the message the next byte is read.</summary>
    public readonly int Position => _at;

    /// <summary>How that field's value is encoded.</summary>
    public WireFormat.WireType Type { get; private set; }

    /// <summary>Steps to the next field; false at the end. The value must then be read or skipped.</summary>
    public bool Next()
    {
        if (_at >= _message.Length) return false;
        var tag = Varint();
        if (tag is < 1 << 3 or > uint.MaxValue) throw Refusal.Invalid($"The message has a field of the tag {tag}, which protobuf does not have.");
        Field = WireFormat.GetTagFieldNumber((uint)tag);
        Type = WireFormat.GetTagWireType((uint)tag);
        return true;
    }

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_at >= _message.Length) throw Refusal.Invalid(Truncated);
            var next = _message[_at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw Refusal.Invalid("A number of the message is longer than 64 bits.");
    }

    /// <summary>The value of a string, bytes, message or packed field. In any other encoding it would be read as something it is not.</summary>
    public ReadOnlySpan<byte> Bytes() => Type == WireFormat.WireType.LengthDelimited
        ? Take(Length(Varint()))
        : throw Refusal.Invalid($"Field {Field} has wire type {Type}; expected {WireFormat.WireType.LengthDelimited}.");

    public float Float() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public void Skip()
    {
        switch (Type)
        {
            case WireFormat.WireType.Varint: Varint(); break;
            case WireFormat.WireType.Fixed64: Take(8); break;
            case WireFormat.WireType.LengthDelimited: Bytes(); break;
            case WireFormat.WireType.Fixed32: Take(4); break;
            default: throw Refusal.Invalid($"Field {Field} has wire type {Type}, which proto3 does not use.");
        }
    }

    private readonly int Length(ulong length) =>
        length <= (ulong)(_message.Length - _at) ? (int)length : throw Refusal.Invalid(Truncated);

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _message.Length - _at) throw Refusal.Invalid(Truncated);
        var taken = _message.Slice(_at, length);
        _at += length;
        return taken;
    }
}
