using DriftGuard.Qdrant.Embedded.Payloads;
using DriftGuard.Qdrant.Embedded.Wire;
using Google.Protobuf;

namespace DriftGuard.Qdrant.Embedded.Points;

/// <summary>A point of an upsert, still in wire form except for its id and the checked payload.</summary>
internal readonly record struct PointInput(PointKey Id, byte[] Payload, ReadOnlyMemory<byte> Vectors)
{
    /// <summary>Reads a <c>PointStruct</c>.</summary>
    public static PointInput Read(ReadOnlyMemory<byte> point)
    {
        PointKey? id = null;
        var vectors = ReadOnlyMemory<byte>.Empty;
        var payload = false;
        var fields = new WireReader(point.Span);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    id = ReadId(fields.Bytes());
                    break;
                case 4:
                    var size = fields.Bytes().Length;
                    vectors = point.Slice(fields.Position - size, size);
                    break;
                default:
                    payload |= fields.Field == 3;
                    fields.Skip();
                    break;
            }
        }

        if (id is null) throw Refusal.Invalid("Empty ID is not allowed");
        if (vectors.IsEmpty) throw Refusal.Invalid("Expected some vectors");
        return new PointInput(id.Value, payload ? PayloadBytes.FromRequest(point.Span, 3) : [], vectors);
    }

    private static PointKey? ReadId(ReadOnlySpan<byte> id)
    {
        PointKey? key = null;
        var fields = new WireReader(id);
        while (fields.Next())
        {
            if (fields is { Field: 1, Type: WireFormat.WireType.Varint }) key = PointKey.Of(fields.Varint());
            else if (fields is { Field: 2, Type: WireFormat.WireType.LengthDelimited })
                key = PointKey.Parse(System.Text.Encoding.UTF8.GetString(fields.Bytes()));
            else fields.Skip();
        }

        return key;
    }
}
