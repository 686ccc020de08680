using Google.Protobuf;

namespace DriftGuard.Fuzz.Tests.Mutations;

/// <summary>A field of a protobuf message without its description: what looks like a message within it is one.</summary>
internal sealed class WireField
{
    private const int DeepestMessage = 12;

    public required int Number { get; set; }

    public required WireFormat.WireType Type { get; set; }

    /// <summary>The number of a varint or a fixed one.</summary>
    public ulong Value { get; set; }

    /// <summary>The contents of one with a length that is no message.</summary>
    public byte[] Bytes { get; set; } = [];

    /// <summary>The fields of one that is a message; null where it is none.</summary>
    public List<WireField>? Fields { get; set; }

    /// <summary>The fields of a message; null where it is none.</summary>
    public static List<WireField>? Parse(byte[] message, int depth = 0)
    {
        var fields = new List<WireField>();
        var input = new CodedInputStream(message);
        try
        {
            for (uint tag; (tag = input.ReadTag()) != 0;)
            {
                var field = new WireField { Number = WireFormat.GetTagFieldNumber(tag), Type = WireFormat.GetTagWireType(tag) };
                switch (field.Type)
                {
                    case WireFormat.WireType.Varint:
                        field.Value = input.ReadUInt64();
                        break;
                    case WireFormat.WireType.Fixed64:
                        field.Value = input.ReadFixed64();
                        break;
                    case WireFormat.WireType.Fixed32:
                        field.Value = input.ReadFixed32();
                        break;
                    case WireFormat.WireType.LengthDelimited:
                        field.Bytes = input.ReadBytes().ToByteArray();
                        field.Fields = depth < DeepestMessage && !IsText(field.Bytes) ? Parse(field.Bytes, depth + 1) : null;
                        break;
                    default:
                        return null;
                }

                fields.Add(field);
            }

            return fields;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    /// <summary>The bytes of a message.</summary>
    public static byte[] Write(IEnumerable<WireField> fields)
    {
        using var written = new MemoryStream();
        var output = new CodedOutputStream(written);
        foreach (var field in fields)
        {
            output.WriteTag(field.Number, field.Type);
            switch (field.Type)
            {
                case WireFormat.WireType.Varint:
                    output.WriteUInt64(field.Value);
                    break;
                case WireFormat.WireType.Fixed64:
                    output.WriteFixed64(field.Value);
                    break;
                case WireFormat.WireType.Fixed32:
                    output.WriteFixed32((uint)field.Value);
                    break;
                default:
                    output.WriteBytes(ByteString.CopyFrom(field.Fields is null ? field.Bytes : Write(field.Fields)));
                    break;
            }
        }

        output.Flush();
        return written.ToArray();
    }

    /// <summary>A copy that shares nothing with it.</summary>
    public WireField Copy() => new() { Number = Number, Type = Type, Value = Value, Bytes = [.. Bytes], Fields = Fields?.ConvertAll(field => field.Copy()) };

    private static bool IsText(byte[] bytes) => bytes.Length == 0 || Array.TrueForAll(bytes, b => b is >= 0x20 and < 0x7F);
}
