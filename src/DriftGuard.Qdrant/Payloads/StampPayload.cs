using DriftGuard.Core.Points;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Payloads;

/// <summary>Reads and writes the stamp in a payload.</summary>
public static class StampPayload
{
    /// <summary>The payload key of the stamp.</summary>
    public const string Key = "_driftguard";

    /// <summary>The path of the content hash, for filters.</summary>
    public const string ContentHashPath = $"{Key}.{ContentHashKey}";

    /// <summary>The path of the revision, for filters.</summary>
    public const string RevisionPath = $"{Key}.{RevisionKey}";

    /// <summary>The path of the nonce of an update under way, for filters.</summary>
    public const string PendingPath = $"{Key}.{PendingKey}";

    private const string FingerprintKey = "fp";
    private const string ContentHashKey = "h";
    private const string PayloadHashKey = "ph";
    private const string VectorSketchKey = "vs";
    private const string RevisionKey = "r";
    private const string PendingKey = "pending";
    private const string OtherVectorsKey = "ov";

    /// <summary>The stamp of a payload; null if it has none, or one that is not whole: both mean that a foreign write came between.</summary>
    public static Stamp? Read(MapField<string, Value> payload)
    {
        if (!payload.TryGetValue(Key, out var value) || value.KindCase != Value.KindOneofCase.StructValue)
            return null;
        var fields = value.StructValue.Fields;
        return Text(fields, FingerprintKey) is { } fingerprint
            && Text(fields, ContentHashKey) is { } contentHash
            && Text(fields, PayloadHashKey) is { } payloadHash
            && Text(fields, VectorSketchKey) is { } vectorSketch
            && fields.TryGetValue(RevisionKey, out var r)
            && r.KindCase == Value.KindOneofCase.IntegerValue
            && Revision.TryFromValue(r.IntegerValue, out var revision)
                ? new Stamp(fingerprint, contentHash, payloadHash, vectorSketch, revision, Text(fields, PendingKey)) { OtherVectors = Text(fields, OtherVectorsKey) }
                : null;
    }

    /// <summary>Puts a stamp into a payload, in place of the one there.</summary>
    public static void Write(MapField<string, Value> payload, Stamp stamp) => payload[Key] = ToValue(stamp);

    /// <summary>A payload of the stamp alone, for a write that sets the stamp and leaves the rest.</summary>
    public static MapField<string, Value> Alone(Stamp stamp) => new() { [Key] = ToValue(stamp) };

    private static Value ToValue(Stamp stamp)
    {
        var fields = new Struct();
        fields.Fields[FingerprintKey] = new Value { StringValue = stamp.Fingerprint };
        fields.Fields[ContentHashKey] = new Value { StringValue = stamp.ContentHash };
        fields.Fields[PayloadHashKey] = new Value { StringValue = stamp.PayloadHash };
        fields.Fields[VectorSketchKey] = new Value { StringValue = stamp.VectorSketch };
        fields.Fields[RevisionKey] = new Value { IntegerValue = stamp.Revision.Value };
        if (stamp.OtherVectors is not null)
            fields.Fields[OtherVectorsKey] = new Value { StringValue = stamp.OtherVectors };
        if (stamp.Pending is not null)
            fields.Fields[PendingKey] = new Value { StringValue = stamp.Pending };
        return new Value { StructValue = fields };
    }

    private static string? Text(MapField<string, Value> fields, string key) =>
        fields.TryGetValue(key, out var value) && value.KindCase == Value.KindOneofCase.StringValue ? value.StringValue : null;
}
