using System.Runtime.InteropServices;
using Google.Protobuf;

namespace DriftGuard.Testing.Models.Onnx;

/// <summary>A weight of a graph. Field numbers are those of onnx.proto.</summary>
internal sealed class GraphTensor
{
    private const int Dims = 1;
    private const int DataType = 2;
    private const int FloatData = 4;
    private const int Int32Data = 5;
    private const int TensorName = 8;
    private const int RawData = 9;
    private const int Float = 1;
    private const int UInt8 = 2;
    private const int Int8 = 3;

    private readonly WireMessage _message;

    private GraphTensor(WireMessage message) => _message = message;

    /// <summary>Its name.</summary>
    public string Name => _message.Text(TensorName);

    /// <summary>Its shape; empty for a single number.</summary>
    public IReadOnlyList<int> Shape => [.. _message.Numbers(Dims).Select(n => checked((int)n))];

    private int Type => (int)_message.Numbers(DataType).Single();

    private ReadOnlySpan<byte> Raw => _message.Fields.Find(f => f.Field == RawData).Bytes is { } bytes ? bytes.Span : [];

    public static GraphTensor Parse(ByteString bytes) => new(WireMessage.Parse(bytes));

    /// <summary>A tensor of 32-bit floats.</summary>
    public static GraphTensor OfFloats(string name, IReadOnlyList<int> shape, float[] values)
    {
        var message = new WireMessage();
        foreach (var size in shape)
            message.Add(Dims, size);
        return new(message.Add(DataType, Float).Add(TensorName, name).Add(RawData, ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values))));
    }

    /// <summary>Its numbers, of a tensor of floats.</summary>
    public float[] Floats()
    {
        if (Type != Float)
            throw new InvalidDataException($"'{Name}' is of type {Type}, expected floats.");
        if (!Raw.IsEmpty)
            return MemoryMarshal.Cast<byte, float>(Raw).ToArray();
        var values = new List<float>();
        foreach (var part in _message.Fields.Where(f => f.Field == FloatData))
        {
            if (part.Type == WireFormat.WireType.Fixed32)
                values.Add(BitConverter.UInt32BitsToSingle((uint)part.Number));
            else
                values.AddRange(MemoryMarshal.Cast<byte, float>(part.Bytes.Span));
        }

        return [.. values];
    }

    /// <summary>Its numbers, of a tensor of bytes, signed or not.</summary>
    public int[] Integers()
    {
        if (Type is not (Int8 or UInt8))
            throw new InvalidDataException($"'{Name}' is of type {Type}, expected bytes.");
        var raw = Raw;
        if (raw.IsEmpty)
            return [.. _message.Numbers(Int32Data).Select(n => (int)n)];
        var values = new int[raw.Length];
        var isSigned = Type == Int8;
        for (var i = 0; i < raw.Length; i++)
            values[i] = isSigned ? (sbyte)raw[i] : raw[i];
        return values;
    }

    public WireMessage ToMessage() => _message;
}
