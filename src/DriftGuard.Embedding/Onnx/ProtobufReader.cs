namespace DriftGuard.Embedding.Onnx;

/// <summary>
/// Walks the fields of one protobuf message in place. <c>Google.Protobuf</c> reads nested messages only into generated types or
/// copies, and the weights are not to be copied to look at the names of the operators.
/// </summary>
internal ref struct ProtobufReader
{
    private ReadOnlySpan<byte> _rest;

    public ProtobufReader(ReadOnlySpan<byte> message)
    {
        _rest = message;
        Field = 0;
        Bytes = default;
    }

    /// <summary>Number of the field read last.</summary>
    public int Field { get; private set; }

    /// <summary>Its bytes, if it is text, bytes or a message; empty otherwise.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Reads the next field; <see langword="false"/> at the end.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a protobuf message.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty)
            return false;
        var tag = Varint();
        Field = checked((int)Math.Min(tag >> 3, int.MaxValue));
        Bytes = default;
        switch (tag & 7)
        {
            case 0:
                Varint();
                break;
            case 1:
                Take(sizeof(ulong));
                break;
            case 2:
                var length = Varint();
                Bytes = Take(length > int.MaxValue ? int.MaxValue : (int)length);
                break;
            case 5:
                Take(sizeof(uint));
                break;
            default:
                throw new InvalidDataException($"wire type {tag & 7} in a protobuf message");
        }

        return Field > 0 ? true : throw new InvalidDataException("field number 0 in a protobuf message");
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Take(1)[0];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }

        throw new InvalidDataException("a number of more than 64 bits in a protobuf message");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
            throw new InvalidDataException("a protobuf message ends too early");
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
