using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;

namespace DriftGuard.Testing.Models.Onnx;

/// <summary>
/// One protobuf message as its fields, in their order. What is not touched is written as it was read, whatever it means, so that a graph is
/// rewritten without the classes of all of ONNX.
/// </summary>
internal sealed class WireMessage
{
    /// <summary>The fields.</summary>
    public List<WireField> Fields { get; } = [];

    /// <summary>Reads a message.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are none.</exception>
    public static WireMessage Parse(ByteString bytes)
    {
        var message = new WireMessage();
        using var input = bytes.CreateCodedInput();
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            var field = WireFormat.GetTagFieldNumber(tag);
            message.Fields.Add(WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => new(field, WireFormat.WireType.Varint, input.ReadUInt64(), ByteString.Empty),
                WireFormat.WireType.Fixed32 => new(field, WireFormat.WireType.Fixed32, input.ReadFixed32(), ByteString.Empty),
                WireFormat.WireType.Fixed64 => new(field, WireFormat.WireType.Fixed64, input.ReadFixed64(), ByteString.Empty),
                WireFormat.WireType.LengthDelimited => new(field, WireFormat.WireType.LengthDelimited, 0, input.ReadBytes()),
                var type => throw new InvalidDataException($"field {field} is of wire type {type}, which ONNX does not have."),
            });
        }

        return message;
    }

    /// <summary>Adds a number.</summary>
    public WireMessage Add(int field, long number)
    {
        Fields.Add(new(field, WireFormat.WireType.Varint, (ulong)number, ByteString.Empty));
        return this;
    }

    /// <summary>Adds bytes.</summary>
    public WireMessage Add(int field, ByteString bytes)
    {
        Fields.Add(new(field, WireFormat.WireType.LengthDelimited, 0, bytes));
        return this;
    }

    /// <summary>Adds a text.</summary>
    public WireMessage Add(int field, string text) => Add(field, ByteString.CopyFrom(text, Encoding.UTF8));

    /// <summary>Adds a message.</summary>
    public WireMessage Add(int field, WireMessage message) => Add(field, message.ToBytes());

    /// <summary>The texts of a field, in order.</summary>
    public IEnumerable<string> Texts(int field) => Fields.Where(f => f.Field == field).Select(f => f.Bytes.ToStringUtf8());

    /// <summary>The first text of a field; empty if there is none.</summary>
    public string Text(int field) => Texts(field).FirstOrDefault("");

    /// <summary>The numbers of a field, packed or one by one.</summary>
    public IEnumerable<long> Numbers(int field)
    {
        foreach (var part in Fields.Where(f => f.Field == field))
        {
            if (part.Type != WireFormat.WireType.LengthDelimited)
            {
                yield return (long)part.Number;
                continue;
            }

            using var packed = part.Bytes.CreateCodedInput();
            while (!packed.IsAtEnd)
                yield return (long)packed.ReadUInt64();
        }
    }

    /// <summary>Writes the message.</summary>
    public ByteString ToBytes()
    {
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true))
        {
            foreach (var field in Fields)
            {
                output.WriteTag(field.Field, field.Type);
                if (field.Type == WireFormat.WireType.LengthDelimited)
                    output.WriteBytes(field.Bytes);
                else if (field.Type == WireFormat.WireType.Varint)
                    output.WriteUInt64(field.Number);
                else if (field.Type == WireFormat.WireType.Fixed32)
                    output.WriteFixed32((uint)field.Number);
                else
                    output.WriteFixed64(field.Number);
            }
        }

        return UnsafeByteOperations.UnsafeWrap(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
    }
}

/// <summary>A field of a message.</summary>
/// <param name="Field">Its number.</param>
/// <param name="Type">How it is written.</param>
/// <param name="Number">Its number, of types that are numbers.</param>
/// <param name="Bytes">Its bytes, of others.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WireField(int Field, WireFormat.WireType Type, ulong Number, ByteString Bytes);
