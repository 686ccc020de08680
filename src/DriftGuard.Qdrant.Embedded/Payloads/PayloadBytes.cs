using DriftGuard.Qdrant.Embedded.Wire;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Payloads;

/// <summary>
/// A payload as it is kept: the map entries of <c>RetrievedPoint.payload</c> (field 2) in wire form, so that reading a point copies
/// bytes and a filter decodes only the key it asks for. An empty payload is an empty array.
/// </summary>
internal static class PayloadBytes
{
    /// <summary>Number of the payload field in both <c>RetrievedPoint</c> and <c>ScoredPoint</c>.</summary>
    public const int Field = 2;

    public static byte[] Encode(MapField<string, Value> payload) =>
        payload.Count == 0 ? [] : new RetrievedPoint { Payload = { payload } }.ToByteArray();

    public static MapField<string, Value> Decode(byte[] payload) => RetrievedPoint.Parser.ParseFrom(payload).Payload;

    public static Value? Find(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> key)
    {
        var fields = new WireReader(payload);
        while (fields.Next())
        {
            var entry = PayloadEntry.Read(fields.Bytes());
            if (entry.Key.SequenceEqual(key)) return Value.Parser.ParseFrom(entry.Value);
        }

        return null;
    }

    /// <summary>Takes over the entries of a request's payload; a repeated key counts once, with its last value, as in any protobuf map.</summary>
    public static byte[] FromRequest(ReadOnlySpan<byte> point, int payloadField)
    {
        using var kept = new WireWriter();
        var fields = new WireReader(point);
        var keys = 0;
        while (fields.Next())
        {
            if (fields.Field != payloadField)
            {
                fields.Skip();
                continue;
            }

            var entry = fields.Bytes();
            PayloadValidation.CheckEntry(entry);
            kept.Open(Field, entry.Length);
            kept.Raw(entry);
            keys++;
        }

        return keys > 1 && HasRepeatedKey(kept.Written, keys) ? Encode(Decode(kept.ToArray())) : kept.ToArray();
    }

    private static bool HasRepeatedKey(ReadOnlySpan<byte> payload, int keys)
    {
        var seen = new HashSet<int>(keys);
        var fields = new WireReader(payload);
        while (fields.Next())
        {
            // Equal hashes of different keys only cost a decode.
            var hash = default(HashCode);
            hash.AddBytes(PayloadEntry.Read(fields.Bytes()).Key);
            if (!seen.Add(hash.ToHashCode())) return true;
        }

        return false;
    }
}

/// <summary>One key and its value, both still in wire form.</summary>
internal readonly ref struct PayloadEntry
{
    private PayloadEntry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Key = key;
        Value = value;
    }

    public ReadOnlySpan<byte> Key { get; }

    public ReadOnlySpan<byte> Value { get; }

    public static PayloadEntry Read(ReadOnlySpan<byte> entry)
    {
        ReadOnlySpan<byte> key = default, value = default;
        var fields = new WireReader(entry);
        while (fields.Next())
        {
            if (fields.Field == 1) key = fields.Bytes();
            else if (fields.Field == 2) value = fields.Bytes();
            else fields.Skip();
        }

        return new PayloadEntry(key, value);
    }
}
